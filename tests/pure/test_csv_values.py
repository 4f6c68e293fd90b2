"""Dates and amounts of CSV cells."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.intake.formats.csv_table.amounts import (
    AmountFormat,
    decimal_mark,
    has_fraction,
    is_amount,
    minor_column,
)
from solvent.intake.formats.csv_table.dates import date_format, formats_of, nearest_year
from solvent.intake.formats.csv_table.phrases import (
    currency_of,
    direction_of,
    is_balance_row,
    is_total_row,
    month_number,
    state_of,
)
from solvent.intake.formats.csv_table.refusals import (
    AmountTooLarge,
    BadAmount,
    BadDate,
    BadMapping,
    CellRefused,
)
from solvent.kernel.money import decimal_text

POINT, COMMA = AmountFormat("."), AmountFormat(",")


@pytest.mark.parametrize(
    ("text", "minor", "currency"),
    [
        ("-5", -500, None),
        ("- $220.00", -22000, ""),
        ("+ $1,150.00", 115000, ""),
        ("($300.00)", -30000, ""),
        ("$.23", 23, ""),
        ("\uffe528.16", 2816, ""),
        ("1'234.50", 123450, None),
        ("1\u00a0234.50", 123450, None),
        ("12.34-", -1234, None),
        ("\u22125.00", -500, None),
        ("12.34 CR", 1234, None),
        ("12.34DR", -1234, None),
        ("EUR 5.00", 500, "EUR"),
        ("5.00 €", 500, "EUR"),
        ("Fr. 12.50", 1250, "CHF"),
        ("12.3400", 1234, None),
        ("1,00,000.00", 10000000, None),
        ("\uff11\uff12.\uff15\uff10", 1250, None),
    ],
)
def test_an_amount_is_read_as_banks_print_it(text: str, minor: int, currency: str | None) -> None:
    amount = POINT.read(text, 2)
    assert (amount.minor, amount.currency) == (minor, currency)


@pytest.mark.parametrize(
    "text",
    [
        *["12..34", "--5", "(5", "5)", "+-5", "1,2,3.0", "12 34", "1e5", "12:30", "24.12.2009"],
        *["A12", "5 apples", "5K", "", "-", "0x10", "1_000", "\u0663", "1.005", "9" * 70],
    ],
)
def test_what_is_no_amount_is_refused(text: str) -> None:
    with pytest.raises(BadAmount):
        POINT.read(text, 2)


@pytest.mark.parametrize(
    ("text", "minor"), [("-1.234,56", -123456), ("1.234", 123400), ("1 234,5", 123450)]
)
def test_a_decimal_comma_leaves_the_point_to_thousands(text: str, minor: int) -> None:
    assert COMMA.read(text, 2).minor == minor


@pytest.mark.parametrize("text", ["12.34", "1,234.56", "12,345"])
def test_an_amount_in_the_other_notation_is_not_guessed(text: str) -> None:
    with pytest.raises(BadAmount):
        COMMA.read(text, 2)


def test_a_told_mark_of_thousands_excludes_the_others() -> None:
    assert AmountFormat(".", "'").read("1'234.50", 2).minor == 123450
    with pytest.raises(BadAmount):
        AmountFormat(".", "'").read("1,234.50", 2)


def test_an_amount_beyond_what_a_posting_holds_is_refused() -> None:
    assert POINT.read("10000000000000.00", 2).minor == 10**15
    with pytest.raises(AmountTooLarge):
        POINT.read("10000000000000.01", 2)


def test_a_currency_without_cents_takes_none() -> None:
    assert POINT.read("1,234", 0).minor == 1234
    with pytest.raises(BadAmount):
        POINT.read("12.5", 0)


def test_bare_amounts_are_money_out_where_money_in_is_marked() -> None:
    form = AmountFormat(".", unsigned_out=True)
    assert [form.read(text, 2).minor for text in ("5.00", "+5.00", "5.00CR")] == [-500, 500, 500]


@pytest.mark.parametrize(
    ("texts", "mark"),
    [
        (["12,34", "1.000"], ","),
        (["1,234.50"], "."),
        (["1.234.567"], ","),
        (["4,884", "1,280.8"], "."),
        (["4,884"], "."),
        (["1.234"], ","),
        (["100"], "."),
    ],
)
def test_the_decimal_mark_shows_in_the_column(texts: list[str], mark: str) -> None:
    assert decimal_mark(texts) == mark


def test_three_digits_are_a_fraction_where_the_currency_has_three() -> None:
    assert decimal_mark(["1.234"], fraction_digits=3) == "."


def test_money_is_told_from_bare_figures() -> None:
    assert has_fraction("5.00")
    assert has_fraction("$5")
    assert not has_fraction("2026")
    assert is_amount("2026")


@given(
    st.lists(
        st.one_of(
            st.integers(-(10**12), 10**12).map(lambda minor: decimal_text(minor, 2)),
            st.text(alphabet="0123456789.,-+ ()_", min_size=1, max_size=12),
        ),
        min_size=1,
        max_size=6,
    )
)
def test_a_column_is_read_as_its_cells_are(texts: list[str]) -> None:
    def singly() -> list[int] | str:
        try:
            return [POINT.read(text, 2).minor for text in texts]
        except CellRefused as refusal:
            return refusal.message

    def at_once() -> list[int] | str:
        try:
            return minor_column(POINT, 2, "EUR")(texts)
        except CellRefused as refusal:
            return refusal.message

    assert at_once() == singly()


@given(st.integers(-(10**15), 10**15), st.sampled_from([".", ","]), st.sampled_from(["", "'", " "]))
def test_any_amount_written_is_read_back(minor: int, mark: str, thousands: str) -> None:
    whole, _, part = decimal_text(abs(minor), 2).partition(".")
    grouped = f"{int(whole):,}".replace(",", thousands)
    text = f"{'-' if minor < 0 else ''}{grouped}{mark}{part}"
    assert AmountFormat(mark).read(text, 2).minor == minor


@pytest.mark.parametrize(
    ("text", "formats"),
    [
        ("2012/3/22", ["%Y/%m/%d"]),
        ("20160102", ["%Y%m%d"]),
        ("31122016", ["%d%m%Y"]),
        ("20091224120000[0:GMT]", ["%Y%m%d"]),
        ("2017-04-25T03:15:53", ["%Y-%m-%d"]),
        ("2018-02-25 12:34:56 +0000", ["%Y-%m-%d"]),
        ("24-08-2020 13:43:54.496", ["%d-%m-%Y"]),
        ("4/1/2008", ["%d/%m/%Y", "%m/%d/%Y"]),
        ("24/12/2009", ["%d/%m/%Y"]),
        ("12/24/2009", ["%m/%d/%Y"]),
        ("2/8/5", ["%d/%m/%y", "%m/%d/%y"]),
        ("15.01.14", ["%d.%m.%y", "%y.%m.%d"]),
        ("27.02.", ["%d.%m."]),
        ("27/02", ["%d/%m"]),
        ("10 Feb 18", ["%d %b %y"]),
        ("3. Mär. 2020", ["%d. %b. %Y"]),
        ("27FEB2018", ["%d%b%Y"]),
        ("Feb 3, 2020", ["%b %d, %Y"]),
        ("Mon, 27 Feb 2018", ["%a, %d %b %Y"]),
        ("2018-Feb-03", ["%Y-%b-%d"]),
        ("2024年1月5日", ["%Y年%m月%d日"]),
    ],
)
def test_the_formats_of_a_date_are_found(text: str, formats: list[str]) -> None:
    assert list(formats_of(text)) == formats
    assert {date_format(form).read(text, 2024) for form in formats}


@pytest.mark.parametrize(
    "text",
    [
        *["31/02/2020", "2020-02-30", "20200199", "12345", "12.50", "122", "Jan 2020", "1/2/3/4"],
        *["06.01.UM 18.11", "1850-01-01", "2020-1", "5 apples 20", "-2020-01-01", "", "x" * 500],
    ],
)
def test_what_is_no_date_has_no_format(text: str) -> None:
    assert formats_of(text) == ()


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.sampled_from("-/."))
def test_any_day_is_read_back_in_any_order(day: date, mark: str) -> None:
    for form in (f"%Y{mark}%m{mark}%d", f"%d{mark}%m{mark}%Y", f"%m{mark}%d{mark}%y", "%Y%m%d"):
        assert date_format(form).read(day.strftime(form)) == day
        assert form.replace("%y", "%Y") != form or form in formats_of(day.strftime(form))


@given(st.text(max_size=30))
def test_no_text_breaks_a_date_or_an_amount(text: str) -> None:
    for form in formats_of(text):
        assert date_format(form).read(text, 2000)
    assert is_amount(text) in {True, False}


@pytest.mark.parametrize("form", ["%Y", "%d.%m.%Q", "hello", "%", "", "%d" * 50, "%H:%M", "%d%d%m"])
def test_a_format_without_a_day_is_refused_by_name(form: str) -> None:
    with pytest.raises(BadMapping, match="date_format"):
        date_format(form)


def test_a_told_format_may_hold_a_fixed_text_and_a_time() -> None:
    told = date_format("%Y%m%d120000[0:GMT]")
    assert told.read("20091224120000[0:GMT]") == date(2009, 12, 24)
    assert date_format("%Y-%m-%d %H:%M:%S %z").read("2018-02-25 12:34:56 +0000")
    with pytest.raises(BadDate):
        told.read("20091224130000[0:GMT]")


def test_a_date_without_a_year_takes_the_one_that_keeps_it_near() -> None:
    form = date_format("%d %b")
    assert nearest_year(form, "02 Jan", date(2023, 12, 27)) == date(2024, 1, 2)
    assert nearest_year(form, "27 Dec", date(2024, 1, 2)) == date(2023, 12, 27)
    with pytest.raises(BadDate):
        nearest_year(form, "35 Dec", date(2024, 1, 2))


@pytest.mark.parametrize(
    ("word", "month"),
    [
        *[("Feb", 2), ("juil.", 7), ("января", 1), ("stycznia", 1), ("Mär", 3), ("červenec", 7)],
        *[("mrt", 3), ("Şubat", 2), ("rugsėjo", 9), ("xyz", 0)],
    ],
)
def test_months_are_known_in_many_languages(word: str, month: int) -> None:
    assert month_number(word.rstrip(".")) == month


def test_words_of_direction_state_and_currency_are_known() -> None:
    assert [direction_of(word) for word in ("Af", "借 Dr", "K", "/", "Lidl")] == [
        *("out", "out", "in", "neutral", ""),
    ]
    assert [state_of(word) for word in ("Vorgemerkt", "DECLINED", "posted", "?")] == [
        *("pending", "undone", "done", ""),
    ]
    assert [currency_of(word) for word in ("eur", "zł", "$", "人民币", "Lidl")] == [
        *("EUR", "PLN", "", "CNY", None),
    ]


def test_a_balance_is_told_from_a_shop_of_that_name() -> None:
    assert is_balance_row("Beginning balance as of 01/01/2023")
    assert is_balance_row("Likutis pabaigai")
    assert not is_balance_row("TOTAL")
    assert is_total_row("TOTAL")
    assert not is_total_row("Total Energies Paris")
    assert not is_balance_row("Solde prix prestations")
