"""Many transactions get one category in one change; what cannot is refused by id."""

from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from tests.database.bookkeeping import Books, dropped, offences
from tests.database.clients import Member

NOWHERE = "00000000-0000-7000-8000-000000000000"
FILE = b"Date,Payee,Amount\n2026-03-02,Corner Shop,-10.00\n2026-03-03,Corner Shop,-20.00\n"


@pytest.fixture
async def books(signed_up: Member) -> Books:
    """Cash with two imported payments that nobody has categorised, and a savings account."""
    made = Books(signed_up)
    await made.learn()
    await made.open("Cash")
    await made.open("Savings")
    await dropped(made, FILE, name="bank.csv", account=made.ids["Cash"])
    return made


async def categorise(books: Books, transactions: list[str], category: str) -> Any:
    body = {"transactions": transactions, "category": books.ids[category]}
    return await books.done("POST", "transactions/categorise", json=body)


def categories(items: list[dict[str, Any]]) -> list[str]:
    return [item["postings"][1]["account_name"] for item in items]


async def test_all_move_in_one_change_and_the_payee_remembers(
    books: Books, address: DatabaseAddress
) -> None:
    before = await books.list()
    seq = len((await books.done("GET", "changes", params={"since": 0}))["items"])
    answer = await categorise(books, [item["id"] for item in before], "Groceries")
    assert answer == {"moved": 2, "refused": []}
    after = await books.list()
    assert categories(after) == ["Groceries", "Groceries"]
    assert {item["suggested_category"] for item in after} == {books.ids["Groceries"]}
    changes = (await books.done("GET", "changes", params={"since": seq}))["items"]
    assert [change["kind"] for change in changes] == ["transactions.categorised"]
    assert await books.balances() == {"Cash": -3_000, "Groceries": 3_000}
    assert await offences(address) == []


async def test_a_moved_transaction_has_a_new_version(books: Books) -> None:
    (old, other) = await books.list()
    await categorise(books, [old["id"]], "Groceries")
    new = await books.done("GET", f"transactions/{old['id']}")
    assert new["version"] > old["version"]
    assert (await books.done("GET", f"transactions/{other['id']}"))["version"] == other["version"]
    stale = {"if-match": f'"{old["version"]}"'}
    refused = await books.refused(
        "PATCH", f"transactions/{old['id']}", json={"memo": "x"}, headers=stale
    )
    assert refused == (412, "request.version_stale")
    fresh = {"if-match": f'"{new["version"]}"'}
    await books.done("PATCH", f"transactions/{old['id']}", json={"memo": "x"}, headers=fresh)


async def test_a_moved_transaction_counts_as_edited_when_its_import_is_undone(books: Books) -> None:
    (moved, _) = await books.list()
    await categorise(books, [moved["id"]], "Groceries")
    (made,) = (await books.done("GET", "imports"))["items"]
    undone = await books.done("POST", f"imports/{made['id']}/undo")
    assert undone["kept"] == [moved["id"]]
    assert undone["removed"] == 1


async def test_splits_and_strangers_are_refused_and_the_others_go_on(
    books: Books, address: DatabaseAddress
) -> None:
    split = await books.record("2026-03-05", ("Cash", -300), ("Groceries", 100), ("Books", 200))
    transfer = await books.record("2026-03-06", ("Cash", -500), ("Savings", 500))
    (plain, _) = await books.list(text="Corner")
    asked = [split["id"], NOWHERE, plain["id"], transfer["id"], plain["id"]]
    answer = await categorise(books, asked, "Fuel")
    assert answer["moved"] == 2
    assert [(each["transaction"], each["code"]) for each in answer["refused"]] == [
        (split["id"], "ledger.category_unclear"),
        (NOWHERE, "not_found"),
    ]
    assert await books.balances() == {
        "Cash": -3_800,
        "Fuel": 500 - plain["postings"][0]["amount_minor"],
        "Groceries": 100,
        "Books": 200,
        "uncategorised_expense": 3_000 + plain["postings"][0]["amount_minor"],
    }
    assert await offences(address) == []


async def test_what_is_kept_in_another_currency_is_refused(books: Books) -> None:
    await books.open("Dollars", "USD")
    (plain, _) = await books.list()
    answer = await categorise(books, [plain["id"]], "Dollars")
    assert answer["moved"] == 0
    assert [each["code"] for each in answer["refused"]] == ["ledger.currency_not_of_account"]


async def test_a_category_that_is_not_there_is_refused(books: Books) -> None:
    (plain, _) = await books.list()
    body = {"transactions": [plain["id"]], "category": NOWHERE}
    refused = await books.refused("POST", "transactions/categorise", json=body)
    assert refused == (404, "not_found")


@pytest.mark.parametrize("count", [0, 1_001])
async def test_none_or_too_many_at_once_are_refused(books: Books, count: int) -> None:
    body = {"transactions": [NOWHERE] * count, "category": books.ids["Groceries"]}
    status, _ = await books.refused("POST", "transactions/categorise", json=body)
    assert status == 422
