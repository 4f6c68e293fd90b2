"""The mapping of a CSV file: what is told is checked, and comes back as it was told."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.intake.formats.csv_table.mapping import FOUND_OUT, Columns, Mapping, column_number
from solvent.intake.formats.csv_table.refusals import BadMapping, MappingDoesNotFit
from solvent.kernel.errors import Refusal
from tests.pure.csv_files import read

FULL: dict[str, object] = {
    "encoding": "cp1252",
    "delimiter": ";",
    "quoting": "none",
    "header_row": 3,
    "skip_rows": 2,
    "decimal": ",",
    "thousands": ".",
    "date_format": "%d.%m.%Y",
    "year": 2024,
    "currency": "EUR",
    "columns": {
        "date": "Datum",
        "amount": "column 4",
        "memo": ["VWZ1", "VWZ2"],
        "direction": "S/H",
    },
    "invert_sign": True,
    "unsigned": "out",
    "direction_values": {"S": "out", "H": "in", "/": "neutral"},
    "complete": True,
}


def test_a_mapping_comes_back_as_it_was_told() -> None:
    assert Mapping.from_told(FULL).to_told() == FULL


def test_an_empty_mapping_leaves_everything_to_be_found_out() -> None:
    mapping = Mapping.from_told({})
    assert mapping == Mapping()
    assert mapping.header_row == FOUND_OUT
    assert mapping.to_told() == {"columns": {}}


def test_no_header_is_something_else_than_not_said() -> None:
    assert Mapping.from_told({"header_row": None}).header_row is None
    assert Mapping.from_told({"header_row": None}).to_told()["header_row"] is None


def test_an_unknown_currency_is_a_word_of_its_own() -> None:
    assert Mapping.from_told({"currency": "UNKNOWN"}).currency == "XXX"
    assert Mapping.from_told({"currency": "UNKNOWN"}).to_told()["currency"] == "UNKNOWN"
    assert Mapping.from_told({"currency": "eur"}).currency == "EUR"


def test_harmless_extras_are_left_aside() -> None:
    told = {"sufficient": True, "columns": {"date": "Date", "colour": "Blue"}, "decimal": None}
    assert Mapping.from_told(told) == Mapping(columns=Columns(date="Date"))


def test_a_column_may_be_named_by_its_place() -> None:
    assert Mapping.from_told({"columns": {"date": 2}}).columns.date == "column 2"
    assert column_number("column 12") == 12
    assert column_number("Column") is None


@pytest.mark.parametrize(
    ("entry", "value"),
    [
        ("encoding", "klingon"),
        ("encoding", "rot13"),
        ("encoding", "unicode_escape"),
        ("encoding", 8),
        ("delimiter", ""),
        ("delimiter", ";;"),
        ("delimiter", "a"),
        ("delimiter", '"'),
        ("quoting", 1),
        ("header_row", 0),
        ("header_row", "1"),
        ("header_row", True),
        ("skip_rows", -1),
        ("skip_rows", 10**9),
        ("decimal", ";"),
        ("decimal", ["."]),
        ("thousands", ".."),
        ("thousands", "5"),
        ("date_format", "%Q"),
        ("date_format", 5),
        ("year", 20240),
        ("currency", "EURO"),
        ("currency", 5),
        ("columns", "Date"),
        ("columns.date", ""),
        ("columns.date", "column 0"),
        ("columns.amount", ["a"]),
        ("columns.memo", ["ok", 1.5]),
        ("columns.memo", ["a"] * 200),
        ("columns.payee", "x" * 500),
        ("invert_sign", "yes"),
        ("unsigned", "sideways"),
        ("direction_values", {"S": "down"}),
        ("direction_values", {"S": []}),
        ("direction_values", {5: "in"}),
        ("direction_values", ["S"]),
        ("complete", 1),
    ],
)
def test_a_bad_entry_is_refused_by_name(entry: str, value: object) -> None:
    name, _, role = entry.partition(".")
    told = {name: {role: value}} if role and value != "" else {name: value}
    if value == "" and role:
        assert Mapping.from_told({name: {role: value}}) == Mapping()
        return
    with pytest.raises(BadMapping) as refused:
        Mapping.from_told(told)
    assert refused.value.facts["field"] == entry
    assert entry in refused.value.message
    assert refused.value.code == "intake.bad_mapping"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=6,
)
ROLES = ["date", "amount", "debit", "memo", "payee", "balance", "direction"]
TOLD = st.dictionaries(
    st.sampled_from([*FULL, "other"]), JSON | st.dictionaries(st.sampled_from(ROLES), JSON)
)


@given(TOLD)
def test_whatever_is_told_is_a_mapping_or_refused(told: dict[str, object]) -> None:
    try:
        mapping = Mapping.from_told(told)
    except BadMapping:
        return
    assert Mapping.from_told(mapping.to_told()) == mapping


@given(TOLD, st.sampled_from(["Date,Payee,Amount\n2024-01-02,Shop,-5.00\n", "1;2\n", "x"]))
def test_whatever_is_told_never_breaks_a_reading(told: dict[str, object], file: str) -> None:
    with suppress(Refusal):
        assert read(file, told).reading.format == "csv"


FILE = "Date,Who,Amount,Other\n02/01/2024,Shop,5.00,7.00\n03/01/2024,Pub,6.00,8.00\n"


def test_what_is_told_wins_over_what_is_found() -> None:
    told = {"date_format": "%d/%m/%Y", "columns": {"amount": "Other"}, "invert_sign": True}
    answer = read(FILE, told)
    assert answer.minors == [-700, -800]
    assert answer.days == ["2024-01-02", "2024-01-03"]


def test_a_told_column_that_is_missing_is_named() -> None:
    with pytest.raises(MappingDoesNotFit, match=r"Betrag.*amount"):
        read(FILE, {"columns": {"amount": "Betrag"}})
    with pytest.raises(MappingDoesNotFit, match="column 9"):
        read(FILE, {"columns": {"amount": "column 9"}})


def test_a_header_that_has_moved_is_found_by_its_columns() -> None:
    told = {"header_row": 1, "date_format": "%d/%m/%Y"} | {
        "columns": {"date": "Date", "amount": "Amount"}
    }
    assert read("Statement of Mrs X\n\n" + FILE, told).minors == [500, 600]


def test_a_complete_mapping_is_not_added_to() -> None:
    told: dict[str, object] = {
        "complete": True,
        "header_row": 1,
        "date_format": "%d/%m/%Y",
        "columns": {"date": "Date", "amount": "Amount"},
    }
    answer = read(FILE, told)
    assert answer.payees == ["", ""]
    assert answer.columns == {"date": "Date", "amount": "Amount"}
    assert read(FILE, told | {"complete": False}).payees == ["Shop", "Pub"]


def test_what_was_found_reads_the_same_file_alike() -> None:
    file = 'Datum;Text;Betrag (EUR);Saldo\n13.01.2024;"A";"-1.234,50";10,00\n14.01.2024;B;+5,00;15,00\n'
    found = read(file)
    again = read(file, found.reading.mapping)
    assert again.rows == found.rows
    assert again.reading.mapping == found.reading.mapping
