"""Reports over a small book in three currencies, against what a hand computes."""

from typing import Any

import pytest

from solvent.runtime.database import OWNER, DatabaseAddress, connect
from tests.database.bookkeeping import Books
from tests.database.clients import Member

RATES = """
    insert into rate (currency, on_day, per_euro)
    values ('USD', '2026-01-30', 1.25), ('USD', '2026-02-27', 1.20), ('USD', '2026-03-13', 1.10),
           ('USD', '2026-03-16', 9.99), ('JPY', '2025-12-30', 180)
"""
"""Days on which banks work: the ends of January and February are Saturdays; today is 15 March."""

SPAN = {"from": "2026-01-01", "to": "2026-03-31"}
MONTHS = ["2026-01", "2026-02", "2026-03"]


@pytest.fixture
async def books(signed_up: Member, address: DatabaseAddress) -> Books:
    owner = await connect(address.owner, OWNER)
    try:
        await owner.execute(RATES)
    finally:
        await owner.close()
    made = Books(signed_up)
    await made.learn()
    return made


async def lived(books: Books) -> None:
    """Spend three months between two currencies, and in the end a pound."""
    opened = {"opened_on": "2026-01-01"}
    await books.open("Cash", opening_balance_minor=100_000, **opened)
    await books.open("Dollars", "USD", opening_balance_minor=50_000, **opened)
    await books.record("2026-01-05", ("Cash", -10_000), ("Groceries", 10_000))
    await books.record("2026-01-31", ("Dollars", -5_000, "USD"), ("Coffee", 5_000, "USD"))
    await books.record("2026-02-01", ("Dollars", 20_000, "USD"), ("Salary", -20_000, "USD"))
    await books.record("2026-02-28", ("Cash", 2_000), ("Groceries", -2_000))
    await books.record("2026-03-01", ("Dollars", -1_100, "USD"), ("Coffee", 1_100, "USD"))


async def a_pound_is_spent(books: Books) -> None:
    await books.open("Pounds", "GBP")
    await books.record("2026-03-02", ("Pounds", -1_000, "GBP"), ("Books", 1_000, "GBP"))


def lines(report: dict[str, Any]) -> dict[str, list[int]]:
    return {line["name"]: line["amounts_minor"] for line in report["categories"]}


async def test_spending_is_converted_at_the_rate_of_each_months_last_day(books: Books) -> None:
    await lived(books)
    report = await books.done("GET", "reports/spending", params=SPAN)
    assert (report["months"], report["currency"]) == (MONTHS, "EUR")
    assert lines(report) == {
        "Food:Coffee": [4_000, 0, 1_000],
        "Food:Groceries": [10_000, -2_000, 0],
    }
    assert {line["category"] for line in report["categories"]} == {
        books.ids["Coffee"],
        books.ids["Groceries"],
    }
    assert report["missing_rates"] == []
    assert lines(await books.done("GET", "reports/spending")) == lines(report)


async def test_spending_can_stay_in_its_own_currencies(books: Books) -> None:
    await lived(books)
    await a_pound_is_spent(books)
    asked = SPAN | {"converted": "false"}
    report = await books.done("GET", "reports/spending", params=asked)
    assert [
        (line["name"], line["currency"], line["amounts_minor"]) for line in report["categories"]
    ] == [
        ("Food:Groceries", "EUR", [10_000, -2_000, 0]),
        ("Food:Coffee", "USD", [5_000, 0, 1_100]),
        ("Leisure:Books", "GBP", [0, 0, 1_000]),
    ]


async def test_income_is_shown_as_a_positive_amount(books: Books) -> None:
    await lived(books)
    report = await books.done("GET", "reports/income", params=SPAN)
    assert lines(report) == {"Salary": [0, 16_667, 0]}


async def test_net_worth_is_what_the_accounts_hold_at_the_end_of_each_month(books: Books) -> None:
    await lived(books)
    report = await books.done("GET", "reports/net-worth", params=SPAN)
    assert (report["months"], report["currency"]) == (MONTHS, "EUR")
    assert [(each["name"], each["balances_minor"]) for each in report["accounts"]] == [
        ("Cash", [90_000, 92_000, 92_000]),
        ("Dollars", [45_000, 65_000, 63_900]),
    ]
    assert report["net_worth_minor"] == [90_000 + 36_000, 92_000 + 54_167, 92_000 + 58_091]
    later = {"from": "2026-03-01", "to": "2026-03-31"}
    later_report = await books.done("GET", "reports/net-worth", params=later)
    assert later_report["net_worth_minor"] == report["net_worth_minor"][2:]


async def test_a_missing_rate_is_shown_as_missing(books: Books) -> None:
    await lived(books)
    await a_pound_is_spent(books)
    worth = await books.done("GET", "reports/net-worth", params=SPAN)
    assert worth["net_worth_minor"] == [126_000, 146_167, None]
    assert worth["missing_rates"] == ["GBP 2026-03"]
    spending = await books.done("GET", "reports/spending", params=SPAN)
    assert spending["missing_rates"] == ["GBP 2026-03"]
    assert "Leisure:Books" not in lines(spending)


async def test_a_rate_of_two_months_ago_is_too_old(books: Books) -> None:
    await books.open("Yen", "JPY", opening_balance_minor=18_000, opened_on="2026-01-01")
    span = {"from": "2026-01-01", "to": "2026-03-31"}
    worth = await books.done("GET", "reports/net-worth", params=span)
    assert worth["net_worth_minor"] == [10_000, 10_000, None]


async def test_books_without_anything_have_empty_reports(books: Books) -> None:
    for name in ("spending", "income", "net-worth"):
        report = await books.done("GET", f"reports/{name}")
        assert (report["months"], report["currency"]) == ([], "EUR")
    assert (await books.done("GET", "reports/spending", params=SPAN))["categories"] == []


async def test_a_span_that_makes_no_sense_is_refused(books: Books) -> None:
    last = {"from": "9999-12-01", "to": "9999-12-31"}
    for report in ("spending", "income", "net-worth"):
        for span in (
            {"from": "2026-03-01", "to": "2026-02-01"},
            {"from": "0001-01-01", "to": "9999-12-31"},
            {"from": "2026-02-30"},
            {"to": "soon"},
        ):
            status, _ = await books.refused("GET", f"reports/{report}", params=span)
            assert status == 422
        assert (await books.done("GET", f"reports/{report}", params=last))["months"] == ["9999-12"]
