"""Whatever is written as OFX is read back, and whatever is broken is refused, never worse."""

import io
from collections.abc import Callable
from datetime import date
from html import escape
from pathlib import Path
from typing import NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from solvent.intake.formats.ofx.reader import OfxReader
from solvent.intake.formats.reading import (
    BATCH_ROWS,
    NeedsAnswer,
    Reading,
    SourceRow,
    UnreadableFile,
)
from solvent.kernel.currency import DIGITS
from solvent.kernel.errors import Refusal
from solvent.kernel.money import AMOUNT_MINOR_MAX, decimal_text

CORPUS = Path(__file__).parents[1] / "corpus" / "ofx"


class Written(NamedTuple):
    """One row to write: its day, minor units, payee, memo and id."""

    day: date
    minor: int
    payee: str
    memo: str
    identifier: str


def read(data: bytes) -> tuple[list[SourceRow], Reading]:
    reading = Reading()
    return [row for rows in OfxReader().read(io.BytesIO(data), reading) for row in rows], reading


def sgml(tag: str, value: str) -> str:
    return f"<{tag}>{value}\n"


def xml(tag: str, value: str) -> str:
    return f"  <{tag}>{value}</{tag}>\r\n"


def split(tag: str, value: str) -> str:
    return f"<{tag.lower()}>\n{value}</{tag.lower()}>"


def written(rows: list[Written], currency: str, element: Callable[[str, str], str]) -> bytes:
    """Write rows as a statement in one of the dialects."""
    lines = [f"<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>{element('CURDEF', currency)}<BANKACCTFROM>"]
    lines += [element("ACCTID", "12"), "</BANKACCTFROM><BANKTRANLIST>"]
    for row in rows:
        lines += [
            "<STMTTRN>",
            element("DTPOSTED", f"{row.day:%Y%m%d}120000[-5:EST]"),
            element("TRNAMT", decimal_text(row.minor, DIGITS[currency])),
            element("FITID", escape(row.identifier)),
            element("NAME", escape(row.payee)),
            element("MEMO", escape(row.memo)),
            "</STMTTRN>",
        ]
    lines.append("</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>")
    return "".join(lines).encode()


WORDS = st.text(st.characters(exclude_categories=["C", "Z"]) | st.just(" "), max_size=40).map(
    str.strip
)
ROWS = st.builds(
    Written,
    st.dates(date(1900, 1, 1), date(2200, 12, 31)),
    st.integers(-AMOUNT_MINOR_MAX, AMOUNT_MINOR_MAX),
    WORDS,
    WORDS,
    WORDS.filter(lambda word: not word or bool(word.strip("0"))),
)


@settings(max_examples=60)
@given(
    st.lists(ROWS, max_size=20),
    st.sampled_from(["EUR", "JPY", "KWD", "CLF"]),
    st.sampled_from([sgml, xml, split]),
)
def test_what_is_written_is_read_back(
    rows: list[Written], currency: str, element: Callable[[str, str], str]
) -> None:
    got, reading = read(written(rows, currency, element))
    assert [
        Written(row.booked_on, row.amount_minor, row.payee, row.memo, row.external_id)
        for row in got
    ] == rows
    assert {row.currency for row in got} <= {currency}
    assert [account.identifier for account in reading.accounts] == ["12"]
    assert (reading.rejected_count, reading.rounded_off) == (0, {})


def test_many_rows_come_in_batches_and_across_chunks() -> None:
    rows = [
        Written(date(2024, 1, 1 + n % 28), n, f"Shop {n}", "x" * 100, f"id{n}")
        for n in range(2 * BATCH_ROWS + 7)
    ]
    batches = list(OfxReader().read(io.BytesIO(written(rows, "EUR", sgml)), Reading()))
    assert [len(batch) for batch in batches] == [BATCH_ROWS, BATCH_ROWS, 7]
    got = [row for batch in batches for row in batch]
    assert [row.external_id for row in got] == [row.identifier for row in rows]
    assert [row.line for row in got] == [2 + 5 * n + 1 for n in range(len(rows))]


class Trickle(io.BytesIO):
    """A file that hands out few bytes at a time, so that chunks end everywhere."""

    step = 7

    def read(self, size: int | None = -1, /) -> bytes:
        return super().read(self.step if size is None or size > self.step else size)


@pytest.mark.parametrize("step", [1, 2, 3, 11, 64])
@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_where_chunks_end_makes_no_difference(path: Path, step: int) -> None:
    data = path.read_bytes().replace(
        b"<STMTTRN>", b"<STMTTRN><!-- <TRNAMT>9\n --><![CDATA[<TRNAMT>8]]>"
    )

    def outcome(file: io.BytesIO) -> object:
        reading = Reading()
        try:
            return list(OfxReader().read(file, reading)), reading
        except UnreadableFile as refusal:
            return refusal.code

    file = Trickle(data)
    file.step = step
    assert outcome(file) == outcome(io.BytesIO(data))


def survives(data: bytes) -> None:
    """Read ``data``; only the two refusals of the Protocol may come out."""
    refusal: Refusal | None = None
    rows: list[SourceRow] = []
    reading = Reading()
    try:
        rows, reading = read(data)
    except (UnreadableFile, NeedsAnswer) as refused:
        refusal = refused
    assert refusal is None or refusal.code.startswith("intake.ofx_")
    assert all(abs(row.amount_minor) <= AMOUNT_MINOR_MAX for row in rows)
    assert all(0 <= row.account < len(reading.accounts) for row in rows)
    assert not any("\0" in row.payee + row.memo + row.external_id for row in rows)


@pytest.mark.parametrize("path", sorted(CORPUS.iterdir()), ids=lambda path: path.name)
def test_a_file_cut_anywhere_is_read_or_refused(path: Path) -> None:
    data = path.read_bytes()
    for end in range(0, len(data), 3):
        survives(data[:end])


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.data())
def test_a_file_with_broken_bytes_is_read_or_refused(data: st.DataObject) -> None:
    path = data.draw(st.sampled_from(sorted(CORPUS.iterdir())))
    broken = bytearray(path.read_bytes())
    for _ in range(data.draw(st.integers(1, 12))):
        at = data.draw(st.integers(0, len(broken) - 1))
        broken[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=9))
    survives(bytes(broken))


@given(st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(data: bytes) -> None:
    survives(data)
    survives(b"<OFX><STMTRS><CURDEF>EUR<STMTTRN>" + data + b"</STMTTRN></OFX>")
