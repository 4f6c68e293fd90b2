"""Currencies are those of ISO 4217, and no others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.currency import DIGITS, UNKNOWN_CODE, Currency, UnknownCurrency


def test_every_code_of_the_table_is_a_currency_with_its_digits() -> None:
    for code, digits in DIGITS.items():
        currency = Currency.of(code)
        assert (currency.code, currency.digits, str(currency)) == (code, digits, code)
        assert currency.units == 10**digits


@pytest.mark.parametrize(
    ("code", "units"), [("EUR", 100), ("JPY", 1), ("TND", 1000), ("CLF", 10_000), ("ISK", 1)]
)
def test_minor_units_are_those_of_the_standard(code: str, units: int) -> None:
    assert Currency.of(code).units == units


def test_no_currency_is_listed_twice() -> None:
    assert all(len(code) == 3 and code.isupper() and code.isascii() for code in DIGITS)
    assert len(DIGITS) > 150


def test_no_currency_has_a_code_too() -> None:
    assert Currency.of(UNKNOWN_CODE).digits == 2
    assert UNKNOWN_CODE not in DIGITS


def test_a_currency_is_one_value_wherever_it_comes_from() -> None:
    assert Currency.of("EUR") is Currency.of("EUR")
    assert Currency.of("EUR") == Currency("EUR", 2)


@given(st.text(max_size=20).filter(lambda text: text not in DIGITS and text != UNKNOWN_CODE))
def test_any_other_text_is_refused_with_its_beginning(text: str) -> None:
    with pytest.raises(UnknownCurrency) as refused:
        Currency.of(text)
    assert f"“{text[:8]}”" in refused.value.message
