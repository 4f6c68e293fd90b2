"""The demonstration household's bank files: the same each time, realistic, and adding up."""

import csv
import io
import re
from collections import Counter
from datetime import date
from functools import cache
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from solvent.categorisation.payees import clean_payee
from solvent.entrypoints.demonstration.accounts import TERMS
from solvent.entrypoints.demonstration.files import BankFile, bank_files, categories_by_payee
from solvent.intake.formats.ofx.reader import OfxReader
from solvent.intake.formats.reading import Reading
from solvent.runtime.randomness import seeded

UNTIL = date(2026, 3, 31)
DAYS_OF_2026 = st.dates(date(2026, 1, 1), date(2026, 12, 31))
MOVES = {
    "Ben Beispiel",
    "Dollar Card Payment",
    "Haushaltskonto",
    "Incoming Wire Ben Beispiel",
    "Kreditkarte",
    "Kreditkarte Abrechnung",
    "Payment Received Thank You",
    "Tagesgeld",
    "USD Konto",
    "Uebertrag Girokonto",
    "Uebertrag Tagesgeld",
}


class Row(NamedTuple):
    """A row as this test reads it, independently of how it was written."""

    booked_on: date
    amount_minor: int
    text: str
    balance_minor: int | None
    bank_id: str


@cache
def files(until: date = UNTIL) -> tuple[BankFile, ...]:
    return tuple(bank_files(until=until))


def named(name: str, until: date = UNTIL) -> BankFile:
    return next(file for file in files(until) if file.name == name)


@cache
def rows(file: BankFile) -> tuple[Row, ...]:
    return tuple(_csv_rows(file) if file.name.endswith(".csv") else _ofx_rows(file))


def _csv_rows(file: BankFile) -> list[Row]:
    german = file.content.startswith(b"Auftragskonto")
    text = file.content.decode("cp1252" if german else "utf-8")
    found: list[Row] = []
    for line in list(csv.reader(io.StringIO(text), delimiter=";" if german else ","))[1:]:
        assert line[0] == file.identifier
        assert line[-2] == file.currency
        if german:
            day, month, year = line[1].split(".")
        else:
            month, day, year = line[1].split("/")
        amount, balance = (int(re.sub(r"[.,]", "", cell)) for cell in (line[-3], line[-1]))
        found.append(Row(date(int(year), int(month), int(day)), amount, line[-4], balance, ""))
    return found


def _ofx_rows(file: BankFile) -> list[Row]:
    reader, reading = OfxReader(), Reading()
    assert reader.recognises(file.content[:1024], file.name)
    read = [row for batch in reader.read(io.BytesIO(file.content), reading) for row in batch]
    assert [account.identifier for account in reading.accounts] == [file.identifier]
    assert (reading.rejected, reading.warnings) == ([], [])
    return [Row(row.booked_on, row.amount_minor, row.payee, None, row.external_id) for row in read]


def everything(until: date = UNTIL) -> list[tuple[BankFile, Row]]:
    return [(file, row) for file in files(until) for row in rows(file)]


def test_equal_seeds_give_equal_numbers() -> None:
    assert [seeded(7).random() for _ in range(3)] == [seeded(7).random()] * 3
    assert seeded(7).random() != seeded(8).random()


def test_the_same_seed_and_day_give_the_same_bytes() -> None:
    assert bank_files(until=UNTIL) == bank_files(until=UNTIL)


def test_another_seed_gives_another_life() -> None:
    assert bank_files(until=UNTIL, seed=1)[0].content != bank_files(until=UNTIL, seed=2)[0].content


@settings(max_examples=5, deadline=None)
@given(DAYS_OF_2026, DAYS_OF_2026)
def test_a_later_day_only_appends_rows(one: date, other: date) -> None:
    earlier, later = sorted((one, other))
    for before, after in zip(files(earlier), files(later), strict=True):
        assert (before.name, before.opened_on) == (after.name, after.opened_on)
        assert rows(after)[: len(rows(before))] == rows(before)
        assert all(row.booked_on <= earlier for row in rows(before))
        assert all(row.booked_on > earlier for row in rows(after)[len(rows(before)) :])


def test_six_accounts_in_two_currencies_over_three_years() -> None:
    assert len({file.identifier for file in files()}) == 6
    assert Counter(file.currency for file in files()) == {"EUR": 4, "USD": 2}
    assert {file.opened_on for file in files()} == {date(2023, 1, 1)}
    assert 2_500 <= len(everything()) <= 4_000


def test_a_shorter_past_can_be_asked_for() -> None:
    assert {file.opened_on for file in bank_files(until=UNTIL, years=1)} == {date(2025, 1, 1)}


def test_rows_stand_in_the_order_of_their_days() -> None:
    for file in files():
        days = [row.booked_on for row in rows(file)]
        assert days == sorted(days)
        assert days[-1] <= UNTIL


@pytest.mark.parametrize("name", ["joint.csv", "ben.csv", "dollars.csv"])
def test_the_running_balance_runs(name: str) -> None:
    file = named(name)
    balance = file.opening_balance_minor
    for row in rows(file):
        balance += row.amount_minor
        assert row.balance_minor == balance


@pytest.mark.parametrize("name", ["savings.ofx", "card.ofx", "dollar-card.qfx"])
def test_the_ledger_balance_ties(name: str) -> None:
    file = named(name)
    reading = Reading()
    list(OfxReader().read(io.BytesIO(file.content), reading))
    [closing] = reading.closings
    moved = sum(row.amount_minor for row in rows(file))
    assert (closing.amount_minor, closing.on) == (file.opening_balance_minor + moved, UNTIL)
    assert reading.accounts[0].kind == file.kind


@pytest.mark.parametrize("name", ["savings.ofx", "card.ofx", "dollar-card.qfx"])
def test_each_transaction_has_an_id_of_its_own(name: str) -> None:
    assert max(Counter(row.bank_id for row in rows(named(name))).values()) == 1


def test_two_equal_coffees_on_one_day_are_two_rows() -> None:
    coffees = Counter(
        row[:3] for row in rows(named("ben.csv")) if "KAFFEE" in row.text and row.amount_minor < 0
    )
    assert Counter(coffees.values())[2] >= 20


def test_nobody_is_paid_or_charged_nothing() -> None:
    assert all(row.amount_minor for _, row in everything())


def test_both_sides_of_every_move_are_there() -> None:
    euro = Counter(
        row.amount_minor
        for file, row in everything()
        if file.currency == "EUR" and clean_payee(row.text) in MOVES - {"USD Konto"}
    )
    assert all(euro[amount] == euro[-amount] for amount in euro)
    paid = [row for row in rows(named("dollars.csv")) if row.text.startswith("DOLLAR CARD")]
    arrived = [row for row in rows(named("dollar-card.qfx")) if row.text.startswith("PAYMENT")]
    assert [(row.booked_on, -row.amount_minor) for row in paid] == [row[:2] for row in arrived]


def test_dollars_bought_arrive_on_their_day() -> None:
    bought = [row.booked_on for row in rows(named("ben.csv")) if "USD KONTO" in row.text]
    arrived = [row.booked_on for row in rows(named("dollars.csv")) if "WIRE" in row.text]
    assert len(bought) == 13
    assert bought == arrived


def _prices(name: str, shop: str) -> list[int]:
    """Return the amounts of a shop, each once, in the order in which they first came."""
    return list(dict.fromkeys(row.amount_minor for row in rows(named(name)) if shop in row.text))


def test_wages_rise_and_the_streaming_price_does_too() -> None:
    assert _prices("joint.csv", "AMPELMOOS") == [318_400, 331_250]
    assert _prices("ben.csv", "QUENDELHAUS") == [264_510, 277_030]
    assert _prices("card.ofx", "FLIMMERKISTE") == [-1_299, -1_499]


def test_refunds_mirror_a_purchase_before_them() -> None:
    bought: Counter[tuple[str, int]] = Counter()
    refunds = 0
    for row in rows(named("card.ofx")):
        if clean_payee(row.text) in MOVES:
            continue
        if row.amount_minor > 0:
            refunds += 1
            assert bought[row.text, row.amount_minor]
        bought[row.text, -row.amount_minor] += 1
    assert refunds >= 10


def test_nobody_buys_groceries_at_home_while_away() -> None:
    away = [
        row
        for row in rows(named("joint.csv"))
        if row.booked_on.month == 8 and 6 <= row.booked_on.day <= 16 and "BASKET" in row.text
    ]
    assert {row.booked_on.year for row in away} <= {2024, 2025}


def test_every_payee_has_a_category_or_is_a_move() -> None:
    named_payees = {clean_payee(row.text) for _, row in everything(date(2026, 12, 31))}
    assert named_payees - MOVES == set(categories_by_payee())


def test_categories_have_a_parent_and_incomes_say_so() -> None:
    categories = categories_by_payee()
    assert all(re.fullmatch(r"[A-Z][\w ]+(:[A-Z][\w ]+)?", name) for name in categories.values())
    income = Counter[str]()
    for _, row in everything():
        income[clean_payee(row.text)] += row.amount_minor
    for payee, category in categories.items():
        assert (income[payee] > 0) == category.startswith("Income:"), payee


def test_numbers_of_german_accounts_have_their_check_digits() -> None:
    ibans = [terms.identifier for terms in TERMS.values() if terms.identifier.startswith("DE")]
    assert len(ibans) == 2
    for iban in ibans:
        assert int(f"{iban[4:]}1314{iban[2:4]}") % 97 == 1
