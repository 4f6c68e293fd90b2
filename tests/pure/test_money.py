"""Money is exact, or it is refused."""

import string
from decimal import Decimal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from solvent.kernel.currency import DIGITS, Currency
from solvent.kernel.money import (
    AMOUNT_MINOR_MAX,
    AmountOutOfRange,
    MixedCurrencies,
    Money,
    NotAnAmount,
    convert,
    decimal_text,
    parse_decimal,
)

EUR, JPY, KWD = Currency.of("EUR"), Currency.of("JPY"), Currency.of("KWD")
SMALL = st.integers(-(10**14), 10**14)
CURRENCIES = st.sampled_from(sorted(DIGITS)).map(Currency.of)
AMOUNTS = st.builds(Money, SMALL, CURRENCIES)


@given(SMALL, SMALL, SMALL, CURRENCIES)
def test_addition_is_that_of_integers(a: int, b: int, c: int, currency: Currency) -> None:
    one, two, three = (Money(minor, currency) for minor in (a, b, c))
    assert (one + two) + three == one + (two + three) == Money(a + b + c, currency)
    assert one + two == two + one
    assert one - two == -(two - one)
    assert one + -one == Money(0, currency)


@given(AMOUNTS)
def test_an_amount_is_read_back_from_its_own_decimal(money: Money) -> None:
    assert parse_decimal(money.decimal, money.currency) == money


@given(AMOUNTS)
def test_a_decimal_has_just_the_digits_of_its_currency(money: Money) -> None:
    _, point, part = money.decimal.partition(".")
    assert len(part) == money.currency.digits
    assert bool(point) == bool(money.currency.digits)
    assert Decimal(money.decimal) * money.currency.units == money.minor


@pytest.mark.parametrize(
    ("minor", "currency", "text"),
    [
        (0, EUR, "0.00 EUR"),
        (-5, EUR, "-0.05 EUR"),
        (-2016, EUR, "-20.16 EUR"),
        (1050, EUR, "10.50 EUR"),
        (-1200, JPY, "-1200 JPY"),
        (1, KWD, "0.001 KWD"),
    ],
)
def test_amounts_are_written_as_plain_decimals(minor: int, currency: Currency, text: str) -> None:
    assert str(Money(minor, currency)) == text


def test_two_currencies_are_never_added() -> None:
    with pytest.raises(MixedCurrencies):
        Money(1, EUR) + Money(1, JPY)
    with pytest.raises(MixedCurrencies):
        Money(1, EUR) - Money(1, JPY)


@pytest.mark.parametrize("minor", [AMOUNT_MINOR_MAX + 1, -AMOUNT_MINOR_MAX - 1, 10**18])
def test_an_amount_beyond_the_limit_cannot_be_built(minor: int) -> None:
    with pytest.raises(AmountOutOfRange):
        Money(minor, EUR)


def test_a_sum_beyond_the_limit_cannot_be_built() -> None:
    with pytest.raises(AmountOutOfRange):
        Money(AMOUNT_MINOR_MAX, EUR) + Money(1, EUR)


@pytest.mark.parametrize(
    ("text", "minor"),
    [("1", 100), ("-1.5", -150), ("+.5", 50), ("7.", 700), ("0001.10", 110), ("1.100000", 110)],
)
def test_plain_decimals_are_read_exactly(text: str, minor: int) -> None:
    assert parse_decimal(text, EUR) == Money(minor, EUR)


@pytest.mark.parametrize(
    "text",
    ["", "-", ".", "1,5", "1e3", "NaN", "Infinity", " 1", "1 ", "1_000", "٣", "0x10", "1.001"],
)
def test_anything_else_is_no_amount(text: str) -> None:
    with pytest.raises(NotAnAmount):
        parse_decimal(text, EUR)


@given(st.text(string.printable + "\u0660\uff11\u2212\x00", max_size=30))
@example("1" * 40)
def test_any_text_is_an_amount_or_is_refused(text: str) -> None:
    try:
        money = parse_decimal(text, EUR)
    except (NotAnAmount, AmountOutOfRange):
        return
    assert Decimal(text) * 100 == money.minor


@pytest.mark.parametrize(
    ("minor", "rate", "target", "converted"),
    [
        (100, "1.5", "USD", 150),
        (1, "0.5", "USD", 0),
        (3, "0.5", "USD", 2),
        (-1, "0.5", "USD", 0),
        (100, "160.25", "JPY", 160),
        (100, "0.3345", "KWD", 334),
    ],
)
def test_conversion_rounds_half_to_even(minor: int, rate: str, target: str, converted: int) -> None:
    money = convert(Money(minor, EUR), rate=Decimal(rate), to=Currency.of(target))
    assert (money.minor, money.currency.code) == (converted, target)


@given(SMALL, st.decimals("0.001", "1", places=6))
def test_conversion_is_off_by_half_a_minor_unit_at_most(minor: int, rate: Decimal) -> None:
    converted = convert(Money(minor, EUR), rate=rate, to=Currency.of("USD")).minor
    assert abs(converted - Decimal(minor) * rate) <= Decimal("0.5")


@given(st.integers(-(10**20), 10**20), st.integers(0, 4))
def test_decimal_text_says_the_same_number(minor: int, digits: int) -> None:
    assert Decimal(decimal_text(minor, digits)).scaleb(digits) == minor
