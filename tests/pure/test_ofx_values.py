"""Days, amounts and texts of OFX, by example and by property."""

from datetime import date, time
from decimal import ROUND_HALF_EVEN, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.intake.formats.ofx.values import NotTaken, parse_amount, parse_day, plain_text
from solvent.intake.formats.reading import TEXT_CHARS_MAX
from solvent.kernel.money import AMOUNT_MINOR_MAX, decimal_text


@pytest.mark.parametrize(
    ("text", "minor"),
    [
        ("-20.16", -2016),
        ("+1 006,60", 100660),
        ("1.234,56", 123456),
        ("1,234.56", 123456),
        ("1,00,000.00", 10000000),
        ("1.234.567", 123456700),
        ("1'234.50", 123450),
        ("-1\xa0234\u202f567,8", -123456780),
        ("\u22125", -500),
        ("12.00-", -1200),
        ("(3.50)", -350),
        ("- 7", -700),
        (".5", 50),
        ("12.", 1200),
        ("-00000000001500.0000", -150000),
        ("-30.000", -3000),
        ("0", 0),
        ("-2000,00", -200000),
    ],
)
def test_amounts_are_read_as_banks_write_them(text: str, minor: int) -> None:
    amount = parse_amount(text, 2)
    assert (amount.minor, amount.lost) == (minor, None)


@pytest.mark.parametrize(
    "text",
    [".", ",", "-", "()", "$120", "12 EUR", "1e5", "NaN", "Infinity", "1_000", "0x10", "\u0663"],
)
def test_what_is_no_number_is_no_amount(text: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        parse_amount(text, 2)
    assert refusal.value.code == "intake.amount_invalid"


@pytest.mark.parametrize(
    "text",
    ["1.2.3", "1,23,4", "12 34", "1,234,56.7.8", "9" * 60, "1 234 .", "-\n-5", "--5", "-5-"],
)
def test_a_number_that_is_grouped_or_signed_oddly_is_no_amount(text: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        parse_amount(text, 2)
    assert refusal.value.code == "intake.amount_invalid"


def test_an_amount_may_be_as_large_as_the_ledger_holds_and_no_larger() -> None:
    assert parse_amount(decimal_text(-AMOUNT_MINOR_MAX, 2), 2).minor == -AMOUNT_MINOR_MAX
    with pytest.raises(NotTaken) as refusal:
        parse_amount(decimal_text(AMOUNT_MINOR_MAX + 1, 2), 2)
    assert refusal.value.code == "intake.amount_out_of_range"


def test_digits_follow_the_currency() -> None:
    assert parse_amount("1500", 0).minor == 1500
    assert parse_amount("1500.000", 0).minor == 1500
    assert parse_amount("1,500", 0).minor == 1500
    assert parse_amount("1,500", 3).minor == 1500
    assert parse_amount("1.5", 3).minor == 1500


def test_a_comma_before_three_digits_is_the_decimal_mark_but_is_remarked_upon() -> None:
    assert parse_amount("1,230", 2) == (123, None, True)
    assert not parse_amount("1,23", 2).ambiguous
    assert not parse_amount("2000,000", 2).ambiguous
    assert not parse_amount("1,230", 3).ambiguous


@given(st.integers(-(10**11), 10**11), st.integers(0, 8), st.sampled_from([0, 2, 3]))
def test_rounding_is_half_to_even_and_loses_nothing_silently(
    scaled: int, places: int, digits: int
) -> None:
    stated = Decimal(scaled).scaleb(-places)
    amount = parse_amount(f"{stated:f}", digits)
    kept = Decimal(amount.minor).scaleb(-digits)
    assert kept + (amount.lost or 0) == stated
    assert kept == stated.quantize(Decimal(1).scaleb(-digits), ROUND_HALF_EVEN)
    assert (amount.lost is None) == (kept == stated)


@given(st.text(max_size=60))
def test_any_text_is_an_amount_or_refused(text: str) -> None:
    try:
        amount = parse_amount(text, 2)
    except NotTaken:
        return
    assert abs(amount.minor) <= AMOUNT_MINOR_MAX


@pytest.mark.parametrize(
    "text",
    [
        "20240229",
        "20240229120000",
        "20240229235959.999[-11:SST]",
        "20240229000000[+14:LINT]",
        "20240229120000:014",
        "2024-02-29",
        "2024/02/29 10:00",
    ],
)
def test_a_day_is_the_one_written_whatever_the_zone(text: str) -> None:
    assert parse_day(text) == date(2024, 2, 29)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "intake.date_missing"),
        ("00000000", "intake.date_missing"),
        ("00000000000000", "intake.date_missing"),
        ("0000-00-00", "intake.date_missing"),
        ("20230229", "intake.date_invalid"),
        ("201120000000", "intake.date_invalid"),
        ("29.02.2024", "intake.date_invalid"),
        ("2024-0229", "intake.date_invalid"),
        ("00010101", "intake.date_invalid"),
        ("99991231", "intake.date_invalid"),
        ("٢٠٢٤٠٢٢٩", "intake.date_invalid"),
        ("soon", "intake.date_invalid"),
    ],
)
def test_a_day_that_is_not_in_the_calendar_is_refused(text: str, code: str) -> None:
    with pytest.raises(NotTaken) as refusal:
        parse_day(text)
    assert refusal.value.code == code


@given(st.dates(date(1900, 1, 1), date(2200, 12, 31)), st.times(), st.integers(-12, 14))
def test_every_day_is_read_back(day: date, at: time, zone: int) -> None:
    assert parse_day(f"{day:%Y%m%d}{at:%H%M%S}[{zone}:X]") == day


@pytest.mark.parametrize(
    ("raw", "plain"),
    [
        ("  Joe&apos;s &amp; Co\n", "Joe's & Co"),
        ("A & Z", "A & Z"),
        ("SALES&REGIONAL", "SALES&REGIONAL"),
        ("&#233;t&#xE9;&nbsp;!", "été !"),
        ("&unknown; &#0; &#xD800;", "&unknown; \ufffd \ufffd"),
        ("one\n      two", "one two"),
        ("one\r\x1f\rtwo", "one two"),
        ("in\x00vis\x1bible\u202e\u200b", "invisible"),
        ("<script>", "<script>"),
        ("x" * 2000, "x" * TEXT_CHARS_MAX),
    ],
)
def test_texts_are_made_fit_to_keep(raw: str, plain: str) -> None:
    assert plain_text(raw) == plain


@given(st.text())
def test_plain_text_has_no_controls_and_is_stable(raw: str) -> None:
    text = plain_text(raw.replace("&", ""))
    assert not any(ord(character) < 32 or ord(character) == 127 for character in text)
    assert plain_text(text) == text.strip()
    text.encode()
