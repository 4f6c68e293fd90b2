"""The sample that everything is found out from: the first rows, the last ones, and the header."""

import codecs
import io
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property
from typing import BinaryIO, NamedTuple

from solvent.intake.formats.csv_table.amounts import AmountFormat, has_fraction, is_amount, shape_of
from solvent.intake.formats.csv_table.dates import is_date
from solvent.intake.formats.csv_table.dialect import (
    DataTest,
    find_dialect,
    header_words,
    said_delimiter,
)
from solvent.intake.formats.csv_table.encoding import Text, opened
from solvent.intake.formats.csv_table.mapping import FOUND_OUT, Mapping, column_number
from solvent.intake.formats.csv_table.refusals import CellRefused, EmptyFile, FileTooLarge
from solvent.intake.formats.csv_table.rows import Dialect, parted
from solvent.intake.formats.csv_table.words import plain, roles_of

HEAD_LINES = 250
HEAD_CHARS = 100_000
TAIL_LINES = 100
TAIL_BYTES = 16 * 1024
EVIDENCE_ROWS = 60
"""Rows at the top whose cells are judged one by one."""
EVIDENCE_TAIL_ROWS = 20
"""Rows at the end whose cells are judged one by one."""
PLACES = 4
"""Digits that amounts are compared with while the currency is not known."""
COLUMNS_MAX = 500
HEADER_ABOVE = 6
"""Rows above the first data row among which the header is looked for."""
HEADER_WORDS_MIN = 2
HEADER_CELL_CHARS_MAX = 60


class Row(NamedTuple):
    """A row of cells and the line it starts on."""

    line: int
    cells: list[str]


class Column:
    """One column of the sample: its cells without blanks around them, and what they look like."""

    def __init__(self, index: int, name: str, cells: list[str]) -> None:
        """Take the ``index`` from 0, the header's ``name`` and the cells, one for each row."""
        self.index = index
        self.name = name
        self.cells = cells
        self.filled = [cell for cell in cells if cell]
        self._figures: dict[str, list[int | None]] = {}

    @cached_property
    def date_share(self) -> float:
        """Return the share of filled cells that are dates."""
        return _share(sum(map(is_date, self.filled)), len(self.filled))

    @cached_property
    def amount_share(self) -> float:
        """Return the share of filled cells that can be amounts."""
        return _share(sum(map(is_amount, self.filled)), len(self.filled))

    @cached_property
    def money_share(self) -> float:
        """Return the share of cells, zeros left aside, that are written as money is."""
        telling = [cell for cell in self.filled if cell.strip("0")]
        return _share(sum(map(has_fraction, telling)), len(telling))

    @cached_property
    def filled_share(self) -> float:
        """Return the share of rows in which the cell is filled."""
        return _share(len(self.filled), len(self.cells))

    @cached_property
    def distinct(self) -> set[str]:
        """Return the different contents."""
        return set(self.filled)

    @cached_property
    def signs(self) -> Counter[str]:
        """Return how many amounts state ``-``, ``+`` or no sign; zeros are left out."""
        shapes = (shape for cell in self.filled if (shape := shape_of(cell)))
        return Counter(shape.sign for shape in shapes if shape.number.strip("0., '"))

    def figures(self, decimal: str) -> list[int | None]:
        """Return the amounts in ten thousandths, None for a cell that is none."""
        if decimal not in self._figures:
            form = AmountFormat(decimal)
            self._figures[decimal] = [_figure(form, cell) for cell in self.cells]
        return self._figures[decimal]

    def is_nonzero(self, row: int) -> bool:
        """Say whether the cell of that row holds an amount other than nothing."""
        shape = shape_of(self.cells[row])
        return shape is not None and bool(shape.number.strip("0., '"))


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0


def _states_minus(cell: str) -> bool:
    shape = shape_of(cell.strip()) if "-" in cell or "(" in cell else None
    return shape is not None and shape.sign == "-"


def _figure(form: AmountFormat, cell: str) -> int | None:
    """Return the amount of a cell in ten thousandths, for its currency may not be known yet."""
    try:
        return form.read(cell, PLACES).minor if cell else None
    except CellRefused:
        return None


@dataclass(slots=True)
class Table:
    """The sample of a file: its dialect, its header, and the rows judged.

    ``rows`` are the first ones below the header and ``tail`` the last of a longer file; of these,
    ``evidence`` and ``ending`` hold a date and an amount and are judged cell by cell.
    """

    dialect: Dialect
    header: list[str]
    header_line: int | None
    first_line: int
    width: int
    preamble: list[Row]
    rows: list[Row]
    evidence: list[Row]
    ending: list[Row]
    tail: list[Row]
    columns: list[Column] = field(default_factory=list[Column])

    def has_minus(self, index: int) -> bool:
        """Say whether any row sampled, judged or not, states money out by a sign in that column."""
        rows = (*self.rows, *self.tail)
        return any(_states_minus(row.cells[index]) for row in rows if len(row.cells) > index)


def sample(file: BinaryIO, text: Text, told: Mapping) -> Table:
    """Read the sample of ``file`` and find its dialect and its header."""
    with opened(file, text) as source:
        lines = source.readlines(HEAD_CHARS)[:HEAD_LINES]
    dialect = find_dialect(lines, told)
    skipped = max(told.skip_rows, 1 if lines and said_delimiter(lines[0]) else 0)
    head = _rows(lines, dialect, 1)
    rows = [row for row in head if row.line > skipped]
    if not rows:
        raise EmptyFile
    size = len("".join(lines).encode(text.encoding, "replace"))
    tail = _tail(file, text, dialect, size) if size < text.size else []
    return _table(dialect, rows, tail, told)


def _rows(lines: list[str], dialect: Dialect, line: int) -> list[Row]:
    """Return the rows that hold anything."""
    chunk = parted(lines, dialect, width=0, line=line)
    rows = zip(chunk.lines, chunk.rows, strict=True)
    return [Row(at, row) for at, row in rows if not all(map(_is_blank, row))]


def _is_blank(cell: str) -> bool:
    return not cell or cell.isspace()


def _tail(file: BinaryIO, text: Text, dialect: Dialect, after: int) -> list[Row]:
    """Return the last rows, none of them among the first ``after`` bytes; their lines are not known."""
    name = codecs.lookup(text.encoding).name.removesuffix("-sig")
    if name == "utf-16":
        file.seek(0)
        name += "-be" if file.read(2) == codecs.BOM_UTF16_BE else "-le"
    if name.startswith("utf-32"):
        return []
    start = max(after, text.size - TAIL_BYTES)
    file.seek(start + (start & 1))
    lines = io.StringIO(file.read(TAIL_BYTES + 1).decode(name, "replace"), newline="").readlines()
    return _rows(lines[1:][-TAIL_LINES:], dialect, 1)


def _table(dialect: Dialect, rows: list[Row], tail: list[Row], told: Mapping) -> Table:
    """Part the rows into preamble, header and body."""
    is_data = DataTest()
    looked_at = rows[: EVIDENCE_ROWS * 2]
    if not any(map(is_data, (row.cells for row in looked_at))):
        looked_at = rows
    data = [at for at, row in enumerate(looked_at) if is_data(row.cells)]
    widths = Counter(len(rows[at].cells) for at in data) or Counter(len(row.cells) for row in rows)
    width = widths.most_common(1)[0][0] if widths else 0
    header = _header(rows, data, width, told)
    if max(width, len(rows[header].cells) if header is not None else 0) > COLUMNS_MAX:
        raise FileTooLarge("columns", COLUMNS_MAX)
    start = _start(rows, data, width, header, told)
    evidence = [rows[at] for at in data if at >= start][:EVIDENCE_ROWS]
    ending = [row for row in tail[-2 * EVIDENCE_TAIL_ROWS :] if is_data(row.cells)]
    names = [cell.strip() for cell in rows[header].cells] if header is not None else []
    table = Table(
        dialect=dialect,
        header=names,
        header_line=rows[header].line if header is not None else None,
        first_line=rows[start].line if start < len(rows) else rows[-1].line + 1,
        width=max(width, len(names)),
        preamble=rows[: start if header is None else header],
        rows=rows[start:],
        evidence=evidence,
        ending=ending[-EVIDENCE_TAIL_ROWS:],
        tail=tail,
    )
    table.columns = _columns(table)
    return table


def _columns(table: Table) -> list[Column]:
    """Return the columns of the rows judged."""
    judged = [row.cells for row in (*table.evidence, *table.ending)]
    columns: list[Column] = []
    for index in range(table.width):
        cells = [row[index].strip() if index < len(row) else "" for row in judged]
        columns.append(
            Column(index, table.header[index] if index < len(table.header) else "", cells)
        )
    return columns


def _header(rows: list[Row], data: list[int], width: int, told: Mapping) -> int | None:
    """Return where the header stands among ``rows``, None where there is none."""
    if told.header_row is None:
        return None
    if told.header_row != FOUND_OUT:
        return _told_header(rows, told)
    first = data[0] if data else len(rows)
    above = range(max(0, first - HEADER_ABOVE), first) if data else range(len(rows))
    best, most = None, 0
    for at in above:
        words = header_words(rows[at].cells)
        if words >= max(most, HEADER_WORDS_MIN) and not _has_money(rows[at].cells):
            best, most = at, words
    if best is None and data and first and _is_wordy(rows[first - 1].cells, width):
        return first - 1
    return best


def _told_header(rows: list[Row], told: Mapping) -> int | None:
    """Return the told header; where its line lacks a named column, a line that has them all."""
    at = next((at for at, row in enumerate(rows) if row.line == told.header_row), None)
    columns = told.columns
    named = {columns.date, columns.amount, columns.debit, columns.credit} - {""}
    wanted = {plain(name) for name in named if column_number(name) is None}
    order = [*([] if at is None else [at]), *range(len(rows))]
    fitting = (i for i in order if wanted <= {plain(cell) for cell in rows[i].cells})
    return next(fitting, at) if wanted else at


def _has_money(cells: list[str]) -> bool:
    """Say whether a row holds an amount written as money."""
    return any(has_fraction(cell.strip()) for cell in cells)


def _is_wordy(cells: list[str], width: int) -> bool:
    """Say whether a row may be a header in a language that is not known: words only, no figures."""
    filled = [bare for cell in cells if (bare := cell.strip())]
    short = all(len(cell) <= HEADER_CELL_CHARS_MAX for cell in filled)
    figures = any(c.isdigit() for cell in filled for c in cell)
    known = sum(bool(roles_of(cell)) for cell in filled)
    wide = len(filled) >= max(HEADER_WORDS_MIN, width // 2)
    return wide and short and (known > 0 or not figures) and len(set(filled)) == len(filled)


def _start(rows: list[Row], data: list[int], width: int, header: int | None, told: Mapping) -> int:
    """Return where the data starts: below the header, else at the first row that is as wide as data."""
    if header is not None:
        return header + 1
    if told.header_row is None or not data:
        return 0
    start = data[0]
    while start and len(rows[start - 1].cells) == width:
        start -= 1
    return start
