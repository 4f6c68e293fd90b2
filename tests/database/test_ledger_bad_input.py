"""Whatever is sent to the ledger's routes is answered with a problem, never with a bug."""

import json
from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from tests.database.bookkeeping import Books, offences
from tests.database.clients import Member

BEYOND = 10**15 + 1


@pytest.fixture
async def books(signed_up: Member) -> Books:
    made = Books(signed_up)
    await made.learn()
    await made.open("Cash")
    await made.open("Dollars", "USD")
    return made


def transaction(books: Books, **changes: Any) -> dict[str, Any]:
    legs = books.legs(("Cash", -100), ("Coffee", 100))
    return {"booked_on": "2026-03-01", "postings": legs} | changes


def bad_transactions(books: Books) -> dict[str, Any]:
    legs = books.legs
    return {
        "amount of 10^18": {"postings": legs(("Cash", -(10**18)), ("Coffee", 10**18))},
        "amount beyond the limit": {"postings": legs(("Cash", -BEYOND), ("Coffee", BEYOND))},
        "amount beyond 64 bits": {"postings": legs(("Cash", -(10**30)), ("Coffee", 10**30))},
        "amount as a float": {
            "postings": [leg | {"amount_minor": 1.5} for leg in legs(("Cash", 1))]
        },
        "amount as text": {
            "postings": [leg | {"amount_minor": "100"} for leg in legs(("Cash", 1))]
        },
        "amount as true": {"postings": [leg | {"amount_minor": True} for leg in legs(("Cash", 1))]},
        "amount missing": {"postings": [{"account": books.ids["Cash"], "currency": "EUR"}] * 2},
        "off by one": {"postings": legs(("Cash", -100), ("Coffee", 99))},
        "no postings": {"postings": []},
        "one posting": {"postings": legs(("Cash", 0))},
        "501 postings": {"postings": legs(*[("Cash", 0)] * 501)},
        "weights beyond the limit": {
            "postings": legs(("Cash", BEYOND - 1), ("Cash", BEYOND - 1), ("Dollars", -1, "USD"))
        },
        "currency of no country": {"postings": legs(("Cash", -1, "EUX"), ("Coffee", 1, "EUX"))},
        "currency in small letters": {"postings": legs(("Cash", -1, "eur"), ("Coffee", 1, "eur"))},
        "currency of another account": {
            "postings": legs(("Cash", -1, "USD"), ("Coffee", 1, "USD"))
        },
        "unknown account": {
            "postings": legs(("Cash", -1))
            + [
                leg | {"account": "00000000-0000-7000-8000-000000000000"}
                for leg in legs(("Cash", 1))
            ]
        },
        "account that is no id": {
            "postings": [leg | {"account": "Cash"} for leg in legs(("Cash", 1))]
        },
        "day that does not exist": {"booked_on": "2026-02-30"},
        "month that does not exist": {"booked_on": "2026-13-01"},
        "day as a number": {"booked_on": 20260301},
        "day as seconds": {"booked_on": "1772323200"},
        "day with a time": {"booked_on": "2026-03-01T00:00:00"},
        "day in another script": {"booked_on": "\u0662\u0660\u0662\u0666-03-01"},
        "day before the books": {"booked_on": "1899-12-31"},
        "day after the books": {"booked_on": "3000-01-01"},
        "year 0": {"booked_on": "0000-01-01"},
        "no day": {"booked_on": None},
        "NUL in the payee": {"payee": "a\x00b"},
        "NUL in the memo": {"memo": "\x00"},
        "line break in the payee": {"payee": "a\nb"},
        "escape sequence in the memo": {"memo": "\x1b[2J"},
        "NUL in a tag": {"tags": ["\x00"]},
        "empty tag": {"tags": [""]},
        "tag of 101 characters": {"tags": ["x" * 101]},
        "51 tags": {"tags": [f"tag {number}" for number in range(51)]},
        "payee of 201 characters": {"payee": "x" * 201},
        "memo of 1,001 characters": {"memo": "x" * 1001},
        "state that is none": {"state": "lost"},
        "payee that is a list": {"payee": ["a"]},
    }


BAD_BODIES: dict[str, bytes] = {
    "nothing": b"",
    "no JSON": b"{",
    "NaN": b'{"booked_on": "2026-03-01", "postings": NaN}',
    "Infinity": b'{"booked_on": "2026-03-01", "postings": [{"amount_minor": Infinity}]}',
    "a list": b"[]",
    "half a character": b'{"payee": "\xff"}',
    "half a surrogate": b'{"booked_on": "2026-03-01", "payee": "\\ud800", "postings": []}',
    "very deep": b'{"postings": ' + b"[" * 20_000 + b"]" * 20_000 + b"}",
    "a number of 5,000 digits": b'{"postings": ' + b"9" * 5_000 + b"}",
}


async def outcome(books: Books, method: str, path: str, **more: Any) -> str:
    """Return "refused" for a problem of the documented shape, else what came instead."""
    answer = await books.ask(method, path, **more)
    if answer.status_code in {404, 422} and answer.headers["content-type"].startswith(
        "application/problem+json"
    ):
        problem = json.loads(answer.content)
        if problem["code"] and problem["detail"]:
            return "refused"
    return f"{answer.status_code} {answer.text[:200]}"


async def test_no_bad_transaction_gets_in_new_or_by_a_change(
    books: Books, address: DatabaseAddress
) -> None:
    good = await books.record("2026-03-01", ("Cash", -1), ("Coffee", 1))
    path = f"transactions/{good['id']}"
    bad = bad_transactions(books)
    found = {
        name: (
            await outcome(books, "POST", "transactions", json=transaction(books, **changes)),
            await outcome(books, "PATCH", path, json=changes) if name != "no day" else "refused",
        )
        for name, changes in bad.items()
    }
    assert found == dict.fromkeys(bad, ("refused", "refused"))
    assert await books.list() == [good]
    assert await offences(address) == []


async def test_a_body_that_is_no_json_is_refused(books: Books) -> None:
    headers = {"content-type": "application/json"}
    found = {
        name: await outcome(books, "POST", "transactions", content=body, headers=headers)
        for name, body in BAD_BODIES.items()
    }
    assert found == dict.fromkeys(BAD_BODIES, "refused")


async def test_a_question_that_makes_no_sense_is_refused(books: Books) -> None:
    questions = [
        "transactions?cursor=x",
        "transactions?cursor=MjAyNi0wMy0wMX4x",
        "transactions?cursor=%00",
        "transactions?cursor=é",
        "transactions?limit=0",
        "transactions?limit=1001",
        "transactions?limit=ten",
        "transactions?account=Cash",
        "transactions?from=2026-02-30",
        "transactions?from=1772323200",
        "transactions?from=2026-03-02&to=2026-03-01",
        "transactions?min_minor=-1",
        "transactions?max_minor=100000000000000000000",
        "transactions?text=%00",
        "transactions?payee=a%0Ab",
        "transactions?state=lost",
        "transactions?uncategorised=perhaps",
        "transactions/1",
        "transactions/00000000-0000-7000-8000-000000000000",
        "balances?on=2026-02-29",
        "balances?on=tomorrow",
        "payees?limit=0",
        "payees?text=%00",
        "accounts/1",
    ]
    found = {question: await outcome(books, "GET", question) for question in questions}
    assert found == dict.fromkeys(questions, "refused")


async def test_the_ends_of_the_calendar_are_days_like_others(books: Books) -> None:
    await books.record("1900-01-01", ("Cash", -1), ("Coffee", 1))
    await books.record("2999-12-31", ("Cash", -2), ("Coffee", 2))
    assert await books.balances(on="0001-01-01") == {}
    assert await books.balances(on="1900-01-01") == {"Cash": -1, "Coffee": 1}
    assert await books.balances(on="9999-12-31") == {"Cash": -3, "Coffee": 3}
    assert len(await books.list(**{"from": "0001-01-01", "to": "9999-12-31"})) == 2


async def test_five_hundred_postings_are_not_too_many(books: Books) -> None:
    legs = [("Cash", -1)] * 250 + [("Coffee", 1)] * 250
    made = await books.record("2026-03-01", *legs)
    assert len(made["postings"]) == 500
    assert await books.balances() == {"Cash": -250, "Coffee": 250}


async def test_a_sum_beyond_64_bits_is_refused_and_not_kept(
    books: Books, address: DatabaseAddress
) -> None:
    most = BEYOND - 1
    legs = books.legs(*[("Cash", most), ("Coffee", -most)] * 250)
    body = transaction(books, postings=legs)
    for _ in range(36):
        await books.done("POST", "transactions", json=body)
    refused = await books.refused("POST", "transactions", json=body)
    assert refused == (422, "money.sum_out_of_range")
    assert (await books.balances())["Cash"] == 36 * 250 * most
    assert await offences(address) == []


BAD_ACCOUNTS: dict[str, dict[str, Any]] = {
    "no name": {"name": ""},
    "a name of blanks": {"name": "   "},
    "a colon": {"name": "Assets:Cash"},
    "a NUL": {"name": "a\x00"},
    "201 characters": {"name": "x" * 201},
    "no such kind": {"kind": "treasure"},
    "an asset without a currency": {"currency": None},
    "a currency of no country": {"currency": "EUX"},
    "a parent that is not there": {"parent": "00000000-0000-7000-8000-000000000000"},
    "an opening balance beyond the limit": {"opening_balance_minor": BEYOND},
    "a category with a balance": {"kind": "expense", "opening_balance_minor": 1},
    "a day before the books": {"opened_on": "1800-01-01"},
    "a day that does not exist": {"opened_on": "2026-02-30"},
}


async def test_no_bad_account_gets_in(books: Books) -> None:
    good = {"name": "Savings", "kind": "asset", "currency": "EUR"}
    path = f"accounts/{books.ids['Coffee']}"
    under = {"name": "Tea", "kind": "asset", "currency": "EUR", "parent": books.ids["Coffee"]}
    found = {
        name: await outcome(books, "POST", "accounts", json=good | changes)
        for name, changes in BAD_ACCOUNTS.items()
    }
    assert found == dict.fromkeys(BAD_ACCOUNTS, "refused")
    assert await outcome(books, "POST", "accounts", json=under) == "refused"
    assert await outcome(books, "PATCH", path, json={"parent": books.ids["Coffee"]}) == "refused"
    assert await outcome(books, "PATCH", path, json={"opened_on": "9999-01-01"}) == "refused"
    assert await outcome(books, "PATCH", path, json={"opening_balance_minor": 5}) == "refused"
    taken = {"name": "Cash", "kind": "asset", "currency": "USD"}
    assert await books.refused("POST", "accounts", json=taken) == (409, "ledger.account_name_taken")
