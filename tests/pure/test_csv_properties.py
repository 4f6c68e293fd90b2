"""Whatever is written as CSV is read back, and whatever is broken is refused, never worse."""

import csv
import io
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.intake.formats.csv_table.reader import CsvReader
from solvent.intake.formats.reading import TEXT_CHARS_MAX, NeedsAnswer, Reading
from solvent.kernel.errors import Refusal
from solvent.kernel.money import AMOUNT_MINOR_MAX, decimal_text
from tests.pure.csv_files import read

CORPUS = Path(__file__).parents[1] / "corpus" / "csv"

DAYS = st.dates(date(1990, 1, 1), date(2068, 12, 31))
TEXTS = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zl", "Zp", "Zs"), whitelist_characters=" "),
    min_size=1,
    max_size=20,
).filter(lambda text: any(map(str.isalpha, text)) and "\ufffd" not in text)
MINORS = st.integers(-(10**11), 10**11)
ROWS = st.lists(st.tuples(DAYS, TEXTS, MINORS), min_size=1, max_size=12)
FORMATS = ["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%y", "%Y%m%d", "%d %b %Y", "%d-%b-%y"]


@dataclass(frozen=True)
class Manner:
    """A way of writing a table."""

    delimiter: str
    decimal: str
    thousands: str
    date_format: str
    encoding: str
    line_end: str
    style: str
    header: bool
    preamble: int
    quoting: int

    def amount(self, minor: int) -> str:
        """Write an amount without its sign."""
        whole, _, part = decimal_text(abs(minor), 2).partition(".")
        return f"{int(whole):,}".replace(",", self.thousands) + self.decimal + part

    def cells(self, minor: int) -> list[str]:
        """Write the amount's cells in this style."""
        bare = self.amount(minor)
        match self.style:
            case "signed":
                return ["-" * (minor < 0) + bare]
            case "trailing":
                return [bare + "-" * (minor < 0)]
            case "brackets":
                return [f"({bare})" if minor < 0 else bare]
            case "pair":
                return [bare, ""] if minor < 0 else ["", bare]
            case _:
                return [bare, "D" if minor < 0 else "C"]

    @property
    def names(self) -> list[str]:
        """Return the header."""
        amounts = {"pair": ["Debit", "Credit"], "worded": ["Amount", "D/C"]}
        return ["Date", "Payee", *amounts.get(self.style, ["Amount"])]

    def told(self) -> dict[str, object]:
        """Return the mapping that tells all of it."""
        places: dict[str, object] = {"date": "column 1", "payee": "column 2"}
        match self.style:
            case "pair":
                places |= {"debit": "column 3", "credit": "column 4"}
            case "worded":
                places |= {"amount": "column 3", "direction": "column 4"}
            case _:
                places |= {"amount": "column 3"}
        return {
            "encoding": self.encoding,
            "delimiter": self.delimiter,
            "header_row": self.preamble + 1 if self.header else None,
            "skip_rows": 0 if self.header else self.preamble,
            "decimal": self.decimal,
            "date_format": self.date_format,
            "direction_values": {"D": "out", "C": "in"},
            "invert_sign": False,
            "unsigned": "in",
            "complete": True,
            "columns": places,
        }

    def write(self, rows: list[tuple[date, str, int]]) -> bytes:
        """Write the file."""
        text = io.StringIO()
        writer = csv.writer(
            text,
            delimiter=self.delimiter,
            lineterminator="\n",
            quoting=csv.QUOTE_ALL if self.quoting else csv.QUOTE_MINIMAL,
        )
        text.write("Statement\n" * self.preamble)
        if self.header:
            writer.writerow(self.names)
        for day, payee, minor in rows:
            writer.writerow([day.strftime(self.date_format), payee, *self.cells(minor)])
        return text.getvalue().replace("\n", self.line_end).encode(self.encoding)


def manners(*, header: st.SearchStrategy[bool], styles: list[str]) -> st.SearchStrategy[Manner]:
    return st.builds(
        Manner,
        delimiter=st.sampled_from(",;\t|"),
        decimal=st.sampled_from(".,"),
        thousands=st.sampled_from(["", "'", " "]),
        date_format=st.sampled_from(FORMATS),
        encoding=st.sampled_from(["utf-8", "utf-8-sig", "utf-16"]),
        line_end=st.sampled_from(["\n", "\r\n", "\r"]),
        style=st.sampled_from(styles),
        header=header,
        preamble=st.integers(0, 3),
        quoting=st.integers(0, 1),
    )


STYLES = ["signed", "trailing", "brackets", "pair", "worded"]


def facts(rows: list[tuple[date, str, int]]) -> list[tuple[date, str, int]]:
    return [(day, payee.strip(), minor) for day, payee, minor in rows]


@given(ROWS, manners(header=st.booleans(), styles=STYLES))
def test_what_is_written_is_read_back_as_told(
    rows: list[tuple[date, str, int]], manner: Manner
) -> None:
    answer = read(manner.write(rows), manner.told())
    assert answer.rejected == []
    assert [(row.booked_on, row.payee, row.amount_minor) for row in answer.rows] == facts(rows)


@given(ROWS, manners(header=st.just(value=True), styles=STYLES))
def test_what_is_written_with_a_header_is_read_back_alone(
    rows: list[tuple[date, str, int]], manner: Manner
) -> None:
    rows = [(date(2024, 1, 13), "Some Shop", -1234), (date(2024, 1, 31), "Work", 5600), *rows]
    answer = read(manner.write(rows))
    assert answer.rejected == []
    assert [row.amount_minor for row in answer.rows] == [minor for _, _, minor in rows]
    assert [row.booked_on for row in answer.rows] == [day for day, _, _ in rows]


@given(ROWS, manners(header=st.booleans(), styles=STYLES))
def test_rows_taken_singly_are_those_taken_together(
    rows: list[tuple[date, str, int]], manner: Manner
) -> None:
    encoding = {"utf-8-sig": "utf-8", "utf-16": "utf-16-le"}.get(manner.encoding, manner.encoding)
    odd = manner.delimiter.join(["nonsense", "x", "5", "5", "5"]) + manner.line_end
    together = read(manner.write(rows), manner.told())
    singly = read(manner.write(rows) + odd.encode(encoding), manner.told())
    assert singly.rows == together.rows
    assert singly.rejected[-1][1] == "intake.bad_date"


@given(ROWS, manners(header=st.just(value=True), styles=STYLES))
def test_what_was_found_is_a_mapping_that_reads_alike(
    rows: list[tuple[date, str, int]], manner: Manner
) -> None:
    data = manner.write([(date(2024, 1, 13), "Some Shop", -1234), *rows])
    with suppress(NeedsAnswer):
        first = read(data)
        assert read(data, first.reading.mapping).rows == first.rows


def sound(data: bytes, told: dict[str, object] | None = None) -> None:
    """Read whatever it is; only refusals may come, and only sound rows."""
    reading = Reading()
    CsvReader().recognises(data[:65_536], "statement")
    with suppress(Refusal):
        for batch in CsvReader().read(io.BytesIO(data), reading, told):
            for row in batch:
                assert abs(row.amount_minor) <= AMOUNT_MINOR_MAX
                assert 0 <= row.account < len(reading.accounts)
                assert row.line >= 1
                assert max(map(len, (row.payee, row.memo, row.external_id))) <= TEXT_CHARS_MAX
                assert "\0" not in row.payee + row.memo + row.external_id


CHOSEN = sorted(CORPUS.glob("*"))


@pytest.mark.parametrize("file", CHOSEN, ids=lambda file: file.name)
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_damaged_file_is_read_or_refused(file: Path, data: st.DataObject) -> None:
    content = bytearray(file.read_bytes())
    for _ in range(data.draw(st.integers(1, 6))):
        at = data.draw(st.integers(0, len(content)))
        much = data.draw(st.integers(0, 20))
        noise = data.draw(st.binary(max_size=4) | st.sampled_from([b'"', b"\n", b",", b"\0", b";"]))
        content[at : at + much] = noise
    sound(bytes(content))


@pytest.mark.parametrize("file", CHOSEN, ids=lambda file: file.name)
def test_a_file_cut_off_anywhere_is_read_or_refused(file: Path) -> None:
    content = file.read_bytes()
    for size in range(0, len(content), max(1, len(content) // 60)):
        sound(content[:size])


@given(st.binary(max_size=300))
def test_any_bytes_are_read_or_refused(content: bytes) -> None:
    sound(content)


@given(st.text("0123456789.,;-/\n\r\"' \tABeurDateAmount", max_size=200))
def test_any_text_like_a_table_is_read_or_refused(content: str) -> None:
    sound(content.encode())
    sound(("Date,Payee,Amount\n2024-01-02,Shop,-5.00\n" + content).encode())
