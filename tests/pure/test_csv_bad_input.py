"""CSV files that are damaged, hostile, or something else: refused in words, never worse."""

import codecs
import io
import random
import time
import tracemalloc

import pytest

from solvent.intake.formats.csv_table.encoding import find_text
from solvent.intake.formats.csv_table.reader import CsvReader
from solvent.intake.formats.csv_table.refusals import (
    EmptyFile,
    FileTooLarge,
    LineTooLong,
    NoAmountColumn,
    NoDateColumn,
    NotATable,
)
from solvent.intake.formats.reading import TEXT_CHARS_MAX, Reading
from tests.pure.csv_files import Answer, read

HEADER = "Date,Payee,Amount\n"
ROW = "2024-01-02,Shop,-5.00\n"


def quickly(file: str | bytes, seconds: float = 2.0) -> Answer:
    before = time.process_time()
    answer = read(file)
    assert time.process_time() - before < seconds
    return answer


@pytest.mark.parametrize(
    ("data", "what"),
    [
        (b"%PDF-1.7\n1,2,3", "PDF"),
        (b"PK\x03\x04rest", "spreadsheet"),
        (b"\xd0\xcf\x11\xe0rest", "spreadsheet"),
        (b"\x1f\x8brest", "compressed"),
        (b"<!DOCTYPE html><table><tr><td>2024-01-02", "web page"),
        (b'<?xml version="1.0"?><Document/>', "XML"),
        (b'[{"date": "2024-01-02", "amount": 5}]', "JSON"),
        (b'{"transactions": []}', "JSON"),
        (b"OFXHEADER:100\nDATA:OFXSGML", "OFX"),
        (b"!Type:Bank\nD1/2/24", "QIF"),
        (random.Random(1).randbytes(5000), "no text"),  # noqa: S311 - only noise
        (b"Dear customer\nyour statement is ready\n", "without columns"),
    ],
)
def test_another_kind_of_file_is_called_by_its_name(data: bytes, what: str) -> None:
    with pytest.raises(NotATable, match=what):
        read(data)
    assert not CsvReader().recognises(data, "statement")


@pytest.mark.parametrize("data", [b"", b"\n \n\r\n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_said_to_be_empty(data: bytes) -> None:
    with pytest.raises(EmptyFile):
        read(data)


def test_a_header_alone_is_an_empty_statement() -> None:
    answer = read(HEADER)
    assert answer.rows == []
    assert answer.warnings == {"intake.empty_statement"}
    assert len(answer.reading.accounts) == 1


def test_a_table_without_dates_or_amounts_says_which() -> None:
    with pytest.raises(NoDateColumn):
        read("Payee,Amount,Currency\nShop,5.00,EUR\n")
    with pytest.raises(NoDateColumn):
        read("name,description,amount,currency")
    with pytest.raises(NoAmountColumn):
        read("Date,Payee,Place\n2024-01-02,Shop,Rome\n")


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ("2024-02-30,Shop,-5.00", "intake.bad_date"),
        ("yesterday,Shop,-5.00", "intake.bad_date"),
        ("0000-00-00,Shop,-5.00", "intake.bad_date"),
        (",Shop,-5.00", "intake.no_date"),
        ("2024-01-02,Shop,12..34", "intake.bad_amount"),
        ("2024-01-02,Shop,five", "intake.bad_amount"),
        ("2024-01-02,Shop,5.00\0", "intake.bad_amount"),
        ("2024-01-02,Shop,", "intake.no_amount"),
        ("2024-01-02,Shop", "intake.no_amount"),
        ("2024-01-02,Shop,99999999999999999999.00", "intake.amount_out_of_range"),
        ("2024-01-02,Shop,1" + "0" * 5000, "intake.bad_amount"),
    ],
)
def test_a_bad_row_is_refused_with_its_line_and_the_others_stay(row: str, code: str) -> None:
    answer = read(HEADER + ROW * 3 + row + "\n" + ROW)
    assert answer.minors == [-500] * 4
    assert answer.rejected == [(5, code)]
    assert [taken.line for taken in answer.rows] == [2, 3, 4, 6]
    assert len(answer.reading.rejected[0].reason) > 15


def test_a_currency_that_is_none_refuses_its_row() -> None:
    file = "Date,Payee,Amount,Currency\n" + "2024-01-02,Shop,-5.00,EUR\n" * 5
    answer = read(file + "2024-01-02,Shop,-5.00,BTC\n")
    assert answer.rejected == [(7, "intake.bad_currency")]


def test_a_word_that_says_neither_in_nor_out_refuses_its_row() -> None:
    file = "Date,Payee,Amount,D/C\n" + "2024-01-02,Shop,5.00,D\n2024-01-03,Pay,9.00,C\n" * 5
    answer = read(file + "2024-01-02,Shop,5.00,X\n")
    assert answer.rejected == [(12, "intake.unknown_direction")]
    assert answer.minors[:2] == [-500, 900]


def test_what_the_bank_did_not_carry_out_is_refused() -> None:
    file = "Date,Payee,Amount,Status\n2024-01-02,A,-5.00,Completed\n2024-01-03,B,-6.00,Pending\n"
    answer = read(file + "2024-01-04,C,-7.00,Declined\n")
    assert [row.state for row in answer.rows] == ["booked", "pending"]
    assert answer.rejected == [(4, "intake.not_carried_out")]


def test_control_characters_never_reach_a_text() -> None:
    answer = read(HEADER + "2024-01-02,Sh\0op\x07 \x1b[31mred,-5.00\n" + ROW * 20)
    assert answer.payees[0] == "Sh op   [31mred"


def test_long_texts_are_cut() -> None:
    answer = read(HEADER + f"2024-01-02,{'x' * 5000},-5.00\n" + ROW)
    assert [len(payee) for payee in answer.payees] == [TEXT_CHARS_MAX, 4]


def test_a_field_too_long_refuses_its_row_only() -> None:
    answer = quickly(HEADER + ROW * 3 + f"2024-01-02,{'x' * 900_000},-5.00\n" + ROW * 3)
    assert len(answer.rows) == 6
    assert answer.rejected == [(5, "intake.field_too_long")]


def test_a_line_without_end_is_refused() -> None:
    with pytest.raises(LineTooLong):
        quickly(HEADER + ROW + "x" * 3_000_000)


def test_too_many_columns_are_refused() -> None:
    with pytest.raises(FileTooLarge, match="columns"):
        quickly(",".join(["Date", *["x"] * 10_000]) + "\n" + ",".join(["1.00"] * 10_000))


def test_one_row_with_too_many_cells_is_refused_alone() -> None:
    answer = quickly(HEADER + ROW * 5 + "2024-01-02," + "x," * 10_000 + "\n" + ROW)
    assert len(answer.rows) == 6
    assert answer.rejected == [(7, "intake.bad_amount")]


def test_too_many_accounts_are_refused() -> None:
    rows = "".join(f"2024-01-02,Shop,5.00,A{n}\n" for n in range(2000))
    with pytest.raises(FileTooLarge, match="accounts"):
        read("Date,Payee,Amount,Account\n" + rows, {"columns": {"account": "Account"}})


def test_a_quotation_mark_that_never_closes_swallows_nothing() -> None:
    answer = quickly(HEADER + ROW * 3 + '2024-01-03,"Shop,-6.00\n' + ROW * 30_000)
    assert len(answer.rows) == 30_004
    assert answer.minors[3] == -600


@pytest.mark.parametrize(
    "storm", ['"' * 1_000_000, '"a,' * 300_000, '"a"b,' * 100_000, "," * 900_000]
)
def test_storms_of_marks_cost_little(storm: str) -> None:
    assert len(quickly(HEADER + ROW * 3 + storm + "\n" + ROW).rows) == 4


def test_blank_lines_hide_nothing() -> None:
    assert len(quickly(HEADER + "\n" * 300_000 + ROW).rows) == 1


def test_damaged_characters_are_reported() -> None:
    data = (
        HEADER + "2024-01-02,Müller & Söhne Käse Öl,-5.00\n" * 5
    ).encode() + b"2024-01-03,M\xfcx,-1.00\n"
    answer = read(data)
    assert answer.payees[-1] == "M\ufffdx"
    assert answer.warnings >= {"intake.damaged_characters"}


def test_a_large_file_is_read_in_little_memory() -> None:
    data = (
        HEADER + "".join(f"2024-01-{n % 28 + 1:02},Shop {n},-{n}.00\n" for n in range(60_000))
    ).encode()
    tracemalloc.start()
    try:
        count = sum(map(len, CsvReader().read(io.BytesIO(data), Reading())))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert count == 60_000
    assert peak < 10 * 1024 * 1024


@pytest.mark.parametrize(
    ("encoding", "text", "name"),
    [
        ("utf-8", "Zoë", "utf-8"),
        ("utf-8-sig", "Zoë", "utf-8-sig"),
        ("utf-16", "Zoë", "utf-16"),
        ("utf-16-le", "Zoë plain text", "utf-16-le"),
        ("utf-16-be", "Zoë plain text", "utf-16-be"),
        ("cp1252", "Empfänger;Müller Straße €", "cp1252"),
        ("cp1252", "CAFÉ — €20 REÇU", "cp1252"),
        ("cp1252", "KØB Ærø Århus", "cp1252"),
        ("cp1252", "Señor Peña", "cp1252"),
        ("cp1250", "Sklep spożywczy\nKonto główne", "cp1250"),
        ("cp1250", "Příjemce;Žižkovský řezník", "cp1250"),
        ("cp1250", "Fő út, gyűrű", "cp1250"),
        ("cp1257", "Gavėjas;Šiauliai, Žemaitė", "cp1257"),
        ("cp1251", "Дата;Сумма;Описание", "cp1251"),
        ("cp1254", "A\u00e7\u0131klama;Migros \u015ei\u015fli", "cp1254"),
        ("gb18030", "交易时间,金额\n支出,收入", "gb18030"),
        ("cp932", "日付,金額,摘要\nコンビニ", "cp932"),
        ("big5", "日期,金額,摘要\n便利商店", "big5"),
    ],
)
def test_the_encoding_shows_in_the_letters(encoding: str, text: str, name: str) -> None:
    data = f"Date;Amount\n{text}\n".encode(encoding)
    found = find_text(io.BytesIO(data))
    assert found.encoding == name
    assert data.decode(found.encoding).lstrip("\ufeff").endswith(text + "\n")


def test_an_accent_far_down_counts() -> None:
    data = (HEADER + ROW * 50_000).encode() + "2024-01-03,Café,-1.00\n".encode("cp1252")
    assert find_text(io.BytesIO(data)).encoding == "cp1252"
    assert read(data).payees[-1] == "Café"


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-32", "utf-7", "cp932", "hz"])
def test_a_told_encoding_that_cannot_be_breaks_nothing(encoding: str) -> None:
    assert read(HEADER + ROW, {"encoding": encoding}).minors == [-500]


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-be", "utf-32"])
def test_the_last_rows_of_a_long_file_are_seen_in_any_encoding(encoding: str) -> None:
    text = "\ufeff" * (encoding == "utf-16-be") + "Date,Text,Amount\n"
    rows = "02/01/2024,Shop,-5.00\n" * 3_000 + "01/13/2024,Shop,-5.00\n"
    assert read((text + rows).encode(encoding)).days[0] == "2024-02-01"


def test_a_told_encoding_is_taken_unless_the_file_disproves_it() -> None:
    data = (HEADER + "2024-01-02,Žižka,-5.00\n").encode("cp1250")
    assert read(data, {"encoding": "cp1250"}).payees == ["Žižka"]
    marked = codecs.BOM_UTF8 + (HEADER + "2024-01-02,Žižka,-5.00\n").encode()
    assert read(marked, {"encoding": "cp1250"}).payees == ["Žižka"]
