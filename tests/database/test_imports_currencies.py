"""Amounts whose currency a file does not name are never taken for a hundred times as many."""

import json
from datetime import date

from tests.database.bookkeeping import Books
from tests.database.clients import Member
from tests.database.statements import csv

FILE = csv([("1", date(2026, 3, 1), -100_000), ("2", date(2026, 3, 2), 250_000)])


async def test_a_file_without_a_currency_asks_before_it_goes_to_an_account_in_yen(
    signed_up: Member,
) -> None:
    books = Books(signed_up)
    account = await books.open("Wallet", "JPY")
    answer = await books.ask(
        "POST", "imports", files={"file": ("yen.csv", FILE)}, data={"account": account}
    )
    problem = answer.json()
    assert (answer.status_code, problem["code"]) == (409, "intake.needs_answer")
    assert [one["code"] for one in problem["questions"]] == ["intake.which_currency"]
    told = problem["questions"][0]["choices"][0]["mapping"]
    done = await books.done("POST", f"imports/{problem['import']}/commit", json={"mapping": told})
    assert done["accounts"][0]["sum_minor"] == 1_500
    assert done["accounts"][0]["currency"] == "JPY"


async def test_the_currency_may_be_told_at_once(signed_up: Member) -> None:
    books = Books(signed_up)
    account = await books.open("Wallet", "JPY")
    data = {"account": account, "mapping": json.dumps({"currency": "JPY"})}
    done = await books.done("POST", "imports", files={"file": ("yen.csv", FILE)}, data=data)
    assert done["accounts"][0]["sum_minor"] == 1_500
