"""How amounts, days and shares read; no service is needed."""

from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.currency import DIGITS
from solvent.kernel.money import AMOUNT_MINOR_MAX
from solvent.web import formats

MINOR = st.integers(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX)
NBSP = "\N{NO-BREAK SPACE}"
MINUS = "\N{MINUS SIGN}"


@pytest.mark.parametrize(
    ("minor", "currency", "locale", "text"),
    [
        (-123450, "EUR", "de", f"{MINUS}1.234,50{NBSP}€"),
        (-123450, "EUR", "en", f"{MINUS}€1,234.50"),
        (5, "EUR", "en", "€0.05"),
        (54000, "JPY", "en", "¥54,000"),
        (-5, "KWD", "en", f"{MINUS}KWD{NBSP}0.005"),
        (123456, "CLF", "de", f"12,3456{NBSP}CLF"),
        (0, "EUR", "en", "€0.00"),
    ],
)
def test_an_amount_has_its_currencys_digits_and_the_readers_marks(
    minor: int, currency: str, locale: str, text: str
) -> None:
    assert formats.money(minor, currency, locale=locale) == text


def test_a_signed_amount_shows_its_plus() -> None:
    assert formats.money(100, "EUR", locale="en", signed=True) == "+€1.00"
    assert formats.money(0, "EUR", locale="en", signed=True) == "€0.00"
    assert formats.money(-100, "EUR", locale="en", signed=True) == f"{MINUS}€1.00"


@given(minor=MINOR, currency=st.sampled_from(sorted(DIGITS)), locale=st.sampled_from(["en", "de"]))
def test_no_digit_of_an_amount_is_lost(minor: int, currency: str, locale: str) -> None:
    text = formats.money(minor, currency, locale=locale)
    digits = "".join(char for char in text if char.isdecimal())
    assert int(digits) == abs(minor)
    assert (MINUS in text) == (minor < 0)


@given(minor=MINOR)
def test_the_plain_amount_reads_back_exactly(minor: int) -> None:
    whole, _, part = formats.plain(minor, "EUR").partition(".")
    assert int(whole + part) == minor


@given(minor=MINOR)
def test_direction_follows_the_sign(minor: int) -> None:
    expected = {1: "in", 0: "nil", -1: "out"}[(minor > 0) - (minor < 0)]
    assert formats.direction(minor) == expected


def test_days_follow_the_language() -> None:
    day = date(2026, 11, 21)
    assert formats.day(day, locale="en") == "Nov 21, 2026"
    assert formats.day(day, locale="de") == "21.11.2026"
    assert formats.long_day(day, locale="de") == "Samstag, 21. November 2026"
    assert formats.month(day, locale="de") == "November 2026"
    assert formats.short_month(day, locale="en") == "Nov 2026"
    assert formats.month_name(date(2026, 10, 1), locale="de") == "Oktober"


def test_a_moment_is_written_in_the_zone_it_is_given_in() -> None:
    assert formats.moment(datetime(2026, 11, 21, 18, 4, tzinfo=UTC), locale="de") == (
        "21.11.2026, 18:04"
    )


def test_a_percentage_of_nothing_is_a_dash() -> None:
    assert formats.percent(1, 8, locale="en") == "12%"
    assert formats.percent(1, 0, locale="en") == "\N{EN DASH}"


def test_counts_are_grouped() -> None:
    assert formats.count(1234567, locale="de") == "1.234.567"


def test_a_currency_has_a_name_in_the_readers_language() -> None:
    assert formats.currency_name("CHF", locale="de") == "Schweizer Franken"


@given(part=MINOR, whole=MINOR)
def test_a_share_can_always_be_drawn(part: int, whole: int) -> None:
    assert 0 <= float(formats.share(part, whole)) <= 100
