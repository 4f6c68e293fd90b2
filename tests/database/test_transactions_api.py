"""Transactions over HTTP: recorded, listed, changed, taken out and taken back."""

import asyncio
from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from tests.clocks import HandMovedClock
from tests.database.bookkeeping import Books, offences
from tests.database.clients import Member

NOWHERE = "00000000-0000-7000-8000-000000000000"


@pytest.fixture
async def books(signed_up: Member) -> Books:
    """Cash in euros and in dollars, and the usual categories."""
    made = Books(signed_up)
    await made.learn()
    await made.open("Cash")
    await made.open("Dollars", "USD")
    return made


async def test_a_recorded_transaction_is_shown_as_it_was_stated(books: Books) -> None:
    made = await books.record(
        "2026-03-01",
        ("Cash", -4250),
        ("Groceries", 4000),
        ("Books", 250),
        payee="  Corner   Shop ",
        memo="weekend",
        tags=["b", "a", "b"],
    )
    assert made["payee"]["name"] == "Corner Shop"
    assert (made["booked_on"], made["memo"], made["state"]) == ("2026-03-01", "weekend", "booked")
    assert (made["origin"], made["currency"], made["tags"]) == ("manual", "EUR", ["a", "b"])
    assert [
        (leg["account_name"], leg["amount_minor"], leg["weight_minor"]) for leg in made["postings"]
    ] == [("Cash", -4250, -4250), ("Groceries", 4000, 4000), ("Books", 250, 250)]
    answer = await books.ask("GET", f"transactions/{made['id']}")
    assert answer.json() == made
    assert answer.headers["etag"] == f'"{made["version"]}"'
    assert await books.list() == [made]
    assert await books.balances() == {"Cash": -4250, "Groceries": 4000, "Books": 250}


async def test_several_currencies_balance_by_weight(books: Books) -> None:
    made = await books.record(
        "2026-03-01", ("Cash", -10_000), ("Dollars", 10_800, "USD"), ("Fees and taxes", 100)
    )
    assert [leg["weight_minor"] for leg in made["postings"]] == [-10_000, 9_900, 100]
    assert await books.balances() == {"Cash": -10_000, "Dollars": 10_800, "Fees and taxes": 100}
    legs = books.legs(("Dollars", -5_000, "USD"), ("Cash", 4_000), ("Cash", 600))
    body = {"booked_on": "2026-03-02", "postings": legs}
    assert await books.refused("POST", "transactions", json=body) == (422, "ledger.weight_missing")
    legs[1]["weight_minor"] = 4_400
    made = await books.done("POST", "transactions", json=body)
    assert [leg["weight_minor"] for leg in made["postings"]] == [-5_000, 4_400, 600]


async def test_pages_by_key_have_no_gap_and_no_overlap_under_equal_dates(books: Books) -> None:
    days = ["2026-03-02"] * 7 + ["2026-03-01"] * 5 + ["2026-03-03"]
    for number, day in enumerate(days):
        await books.record(day, ("Cash", -number), ("Coffee", number))
    everything = (await books.done("GET", "transactions"))["items"]
    assert len(everything) == len(days)
    keys = [(each["booked_on"], each["id"]) for each in everything]
    assert keys == sorted(keys, reverse=True)
    for limit in (1, 2, 5, 13):
        assert await books.list(limit=limit) == everything
        assert await books.list(limit=limit, account=books.ids["Cash"]) == everything
        assert await books.list(limit=limit, text="", category=books.ids["Coffee"]) == everything


async def test_a_row_that_comes_between_two_pages_repeats_none(books: Books) -> None:
    for number in range(4):
        await books.record("2026-03-02", ("Cash", -number), ("Coffee", number))
    first = await books.done("GET", "transactions", params={"limit": 2})
    await books.record("2026-03-03", ("Cash", -9), ("Coffee", 9))
    second = await books.done(
        "GET", "transactions", params={"limit": 2, "cursor": first["next_cursor"]}
    )
    ids = [each["id"] for each in first["items"] + second["items"]]
    assert len(set(ids)) == 4


async def test_every_filter_finds_what_it_says(books: Books) -> None:
    cash, groceries, coffee = (books.ids[name] for name in ("Cash", "Groceries", "Coffee"))
    made = {
        "bread": await books.record(
            "2026-03-01", ("Cash", -250), ("Groceries", 250), payee="Bakery 100%_\\", tags=["daily"]
        ),
        "coffee": await books.record(
            "2026-03-02", ("Cash", -300), ("Coffee", 300), payee="Espresso Bar", memo="with Bakery"
        ),
        "change": await books.record(
            "2026-03-03", ("Cash", -2_000), ("Dollars", 2_100, "USD"), state="pending"
        ),
        "unknown": await books.record(
            "2026-03-04", ("Cash", -999), ("uncategorised_expense", 999), memo="50 % off"
        ),
        "pay": await books.record(
            "2026-02-27", ("Dollars", 5_000, "USD"), ("Salary", -5_000, "USD"), tags=["daily", "x"]
        ),
    }
    names = {each["id"]: name for name, each in made.items()}
    bakery = made["bread"]["payee"]["id"]
    questions: list[tuple[dict[str, Any], str]] = [
        ({}, "unknown change coffee bread pay"),
        ({"account": cash}, "unknown change coffee bread"),
        ({"account": books.ids["Dollars"]}, "change pay"),
        ({"category": groceries}, "bread"),
        ({"account": cash, "category": coffee}, "coffee"),
        ({"account": books.ids["Dollars"], "category": coffee}, ""),
        ({"payee": bakery}, "bread"),
        ({"payee": "BAKERY"}, "bread"),
        ({"payee": "100%_\\"}, "bread"),
        ({"payee": "100_"}, ""),
        ({"payee": NOWHERE}, ""),
        ({"text": "bakery"}, "coffee bread"),
        ({"text": "50 % OFF"}, "unknown"),
        ({"text": "bakery", "account": cash}, "coffee bread"),
        ({"text": "bakery", "category": coffee}, "coffee"),
        ({"text": "bakery", "payee": "espresso"}, "coffee"),
        ({"text": "bakery", "payee": "espresso", "account": cash}, "coffee"),
        ({"text": "bakery", "payee": bakery}, "bread"),
        ({"text": "nowhere", "payee": "espresso"}, ""),
        ({"text": "nowhere", "payee": bakery}, ""),
        ({"from": "2026-03-02"}, "unknown change coffee"),
        ({"to": "2026-03-02"}, "coffee bread pay"),
        ({"from": "2026-03-01", "to": "2026-03-01"}, "bread"),
        ({"from": "2026-03-02", "to": "2026-03-03", "account": cash}, "change coffee"),
        ({"min_minor": 999}, "unknown change pay"),
        ({"max_minor": 299}, "bread"),
        ({"min_minor": 300, "max_minor": 999}, "unknown coffee"),
        ({"min_minor": 2_100, "max_minor": 2_100}, "change"),
        ({"state": "pending"}, "change"),
        ({"state": "reconciled"}, ""),
        ({"state": "booked", "text": "bakery", "from": "2026-03-02"}, "coffee"),
        ({"tag": "daily"}, "bread pay"),
        ({"tag": "dail"}, ""),
        ({"uncategorised": "true"}, "unknown"),
        ({"account": NOWHERE}, ""),
    ]
    found = [" ".join(names[each["id"]] for each in await books.list(**q)) for q, _ in questions]
    assert found == [expected for _, expected in questions]


async def test_opening_balances_are_no_transactions_but_count(books: Books) -> None:
    savings = await books.open("Savings", opening_balance_minor=100_000, opened_on="2026-01-15")
    await books.open(
        "Loan", kind="liability", opening_balance_minor=-5_000_000, opened_on="2026-01-20"
    )
    assert await books.list() == []
    assert await books.balances(on="2026-01-14") == {}
    assert await books.balances(on="2026-01-15") == {
        "Savings": 100_000,
        "opening": -100_000,
    }
    assert (await books.balances())["opening"] == 4_900_000
    path = f"accounts/{savings}"
    await books.done("PATCH", path, json={"opening_balance_minor": 7, "opened_on": "2026-01-01"})
    assert await books.balances(on="2026-01-01") == {"Savings": 7, "opening": -7}
    await books.done("PATCH", path, json={"opened_on": "2026-01-10"})
    assert await books.balances(on="2026-01-09") == {}
    assert await books.balances(on="2026-01-10") == {"Savings": 7, "opening": -7}
    await books.done("PATCH", path, json={"opening_balance_minor": 0})
    assert await books.balances() == {"Loan": -5_000_000, "opening": 5_000_000}


async def test_a_patch_changes_what_it_names_and_nothing_else(books: Books) -> None:
    said = {"payee": "Corner Shop", "memo": "old", "tags": ["a"]}
    shown = await books.record("2026-03-01", ("Cash", -100), ("Groceries", 100), **said)
    patches: list[tuple[dict[str, Any], dict[str, Any]]] = [
        ({"memo": "new"}, {"memo": "new"}),
        ({"payee": ""}, {"payee": None}),
        ({"tags": ["z"]}, {"tags": ["z"]}),
        ({"tags": []}, {"tags": []}),
        ({"booked_on": "2026-05-01"}, {"booked_on": "2026-05-01"}),
        ({"state": "pending"}, {"state": "pending"}),
        ({}, {}),
    ]
    for patch, expected in patches:
        changed = await books.done("PATCH", f"transactions/{shown['id']}", json=patch)
        assert changed["version"] > shown["version"]
        assert changed == shown | expected | {"version": changed["version"]}
        shown = changed


async def test_a_patch_may_change_day_currency_and_postings_at_once(
    books: Books, address: DatabaseAddress
) -> None:
    made = await books.record("2026-03-01", ("Cash", -100), ("Dollars", 110, "USD"))
    postings = books.legs(("Dollars", -220, "USD"), ("Cash", 200))
    patch = {"booked_on": "2026-04-01", "postings": postings}
    changed = await books.done("PATCH", f"transactions/{made['id']}", json=patch)
    assert (changed["booked_on"], changed["currency"]) == ("2026-04-01", "USD")
    assert [leg["weight_minor"] for leg in changed["postings"]] == [-220, 220]
    assert await books.balances(on="2026-03-31") == {}
    assert await books.balances(on="2026-04-01") == {"Cash": 200, "Dollars": -220}
    assert await offences(address) == []


async def test_a_category_moves_the_one_leg_that_is_one(books: Books) -> None:
    made = await books.record("2026-03-01", ("Cash", -100), ("uncategorised_expense", 100))
    path = f"transactions/{made['id']}"
    for category in ("Coffee", "Salary"):
        changed = await books.done("PATCH", path, json={"category": books.ids[category]})
        assert [leg["account_name"] for leg in changed["postings"]] == ["Cash", category]
    clash = {"category": books.ids["Dollars"]}
    assert await books.refused("PATCH", path, json=clash) == (422, "ledger.currency_not_of_account")
    split = await books.record("2026-03-01", ("Cash", -3), ("Coffee", 1), ("Books", 2))
    unclear = await books.refused(
        "PATCH", f"transactions/{split['id']}", json={"category": books.ids["Coffee"]}
    )
    assert unclear == (422, "ledger.category_unclear")
    both = {"category": books.ids["Coffee"], "postings": books.legs(("Cash", 1), ("Coffee", -1))}
    assert await books.refused("PATCH", path, json=both) == (422, "bad_value")


async def test_a_change_is_made_to_what_was_read(books: Books) -> None:
    made = await books.record("2026-03-01", ("Cash", -100), ("Groceries", 100))
    path = f"transactions/{made['id']}"
    read = {"if-match": f'"{made["version"]}"'}
    await books.done("PATCH", path, json={"memo": "first"}, headers=read)
    stale = (412, "request.version_stale")
    assert await books.refused("PATCH", path, json={"memo": "second"}, headers=read) == stale
    assert await books.refused("DELETE", path, headers=read) == stale
    assert (await books.done("GET", path))["memo"] == "first"
    bad = {"if-match": "yesterday"}
    assert await books.refused("DELETE", path, headers=bad) == (422, "request.bad_version")
    await books.done("DELETE", path, headers={"if-match": "*"})


async def test_of_two_changes_at_once_to_the_same_version_one_is_made(books: Books) -> None:
    made = await books.record("2026-03-01", ("Cash", -100), ("Groceries", 100))
    read = {"if-match": f'"{made["version"]}"'}
    answers = await asyncio.gather(
        *(
            books.ask("PATCH", f"transactions/{made['id']}", json={"memo": memo}, headers=read)
            for memo in "abcd"
        )
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


async def test_deleting_takes_it_out_and_restoring_brings_it_back(
    books: Books, address: DatabaseAddress
) -> None:
    made = await books.record("2026-03-01", ("Cash", -100), ("Dollars", 110, "USD"), tags=["a"])
    path = f"transactions/{made['id']}"
    assert await books.refused("POST", f"{path}/restore") == (409, "ledger.transaction_not_deleted")
    await books.done("DELETE", path)
    assert await books.balances() == {}
    assert await books.list() == []
    for method, below in (("GET", ""), ("PATCH", ""), ("DELETE", ""), ("POST", "/reversal")):
        body: dict[str, Any] = {"json": {}} if method == "PATCH" else {}
        assert await books.refused(method, f"{path}{below}", **body) == (404, "not_found")
    restored = await books.done("POST", f"{path}/restore")
    assert restored == made | {"version": restored["version"]}
    assert await books.balances() == {"Cash": -100, "Dollars": 110}
    assert await offences(address) == []


async def test_a_reversal_is_a_mirror_dated_today(books: Books, clock: HandMovedClock) -> None:
    made = await books.record("2026-01-05", ("Cash", -100), ("Groceries", 100), payee="Corner Shop")
    mirror = await books.done("POST", f"transactions/{made['id']}/reversal")
    assert (mirror["booked_on"], mirror["origin"]) == (f"{clock.now():%Y-%m-%d}", "reversal")
    assert mirror["payee"] == made["payee"]
    assert [leg["amount_minor"] for leg in mirror["postings"]] == [100, -100]
    assert len(await books.list()) == 2
    assert await books.balances() == {}
    assert await books.balances(on="2026-01-05") == {"Cash": -100, "Groceries": 100}


async def test_what_is_reconciled_keeps_its_day_and_amounts(books: Books) -> None:
    made = await books.record("2026-03-01", ("Cash", -1), ("Coffee", 1), state="reconciled")
    path = f"transactions/{made['id']}"
    held = (409, "ledger.transaction_reconciled")
    assert await books.refused("PATCH", path, json={"booked_on": "2026-03-02"}) == held
    other = {"postings": books.legs(("Cash", -2), ("Coffee", 2))}
    assert await books.refused("PATCH", path, json=other) == held
    assert await books.refused("DELETE", path) == held
    await books.done("PATCH", path, json={"category": books.ids["Books"], "memo": "noted"})
    await books.done("PATCH", path, json={"state": "booked", "booked_on": "2026-03-02"})
    await books.done("DELETE", path)


async def test_one_name_said_by_many_at_once_is_one_payee(
    books: Books, address: DatabaseAddress
) -> None:
    said = {"payee": "Corner Shop", "tags": ["new"]}
    made = await asyncio.gather(
        *(books.record("2026-03-01", ("Cash", -1), ("Coffee", 1), **said) for _ in range(6))
    )
    assert len({each["payee"]["id"] for each in made}) == 1
    payees = (await books.done("GET", "payees", params={"text": "corner"}))["items"]
    assert [payee["name"] for payee in payees] == ["Corner Shop"]
    assert await offences(address) == []


async def test_accounts_of_one_name_opened_at_once_are_one(books: Books) -> None:
    body = {"name": "Safe", "kind": "asset", "currency": "EUR"}
    answers = await asyncio.gather(*(books.ask("POST", "accounts", json=body) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]


async def test_another_household_reaches_none_of_it(books: Books, neighbour: Member) -> None:
    made = await books.record("2026-03-01", ("Cash", -100), ("Groceries", 100))
    theirs = Books(neighbour)
    await theirs.open("Purse")
    path = f"transactions/{made['id']}"
    for method, below in (("GET", ""), ("DELETE", ""), ("POST", "/restore"), ("POST", "/reversal")):
        assert await theirs.refused(method, f"{path}{below}") == (404, "not_found")
    theirs.ids["Cash"] = books.ids["Cash"]
    body = {"booked_on": "2026-03-01", "postings": theirs.legs(("Purse", 1), ("Cash", -1))}
    assert await theirs.refused("POST", "transactions", json=body) == (404, "not_found")
    assert await theirs.list(account=books.ids["Cash"]) == []
