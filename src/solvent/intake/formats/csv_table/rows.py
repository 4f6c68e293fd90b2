"""Rows of cells out of lines of text, in chunks that bound the memory whatever the file holds.

The csv module does the work. It forgives a quotation mark that is not doubled but may then swallow
the following lines; a chunk in which that shows is taken again line by line, with a splitter that
ends a cell only where a delimiter follows.
"""

import bisect
import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

CHUNK_CHARS = 60_000
"""Characters of lines taken at a time."""
QUOTED_LINES_MAX = 200
"""Most lines that one quoted cell may run over."""
WIDTH_SLACK = 1
"""A row over several lines may have so many more cells than the others."""


@dataclass(frozen=True, slots=True)
class Dialect:
    """How cells are parted: the delimiter, and whether marks within quoted cells stay single."""

    delimiter: str
    lenient: bool = False


@dataclass(slots=True)
class Chunk:
    """Rows with the line each starts on; ``broken`` are lines that could not be parted."""

    lines: Sequence[int] = ()
    rows: list[list[str]] = field(default_factory=list[list[str]])
    broken: list[int] = field(default_factory=list[int])


def chunks(
    text: io.TextIOWrapper, dialect: Dialect, *, width: int, line: int = 1, chars: int = CHUNK_CHARS
) -> Iterator[Chunk]:
    """Yield the rows from where ``text`` stands, whose next line has number ``line``.

    ``width`` is the usual number of cells, by which a row that swallowed its neighbours is known.
    """
    while lines := text.readlines(chars):
        _complete(lines, text)
        yield parted(lines, dialect, width=width, line=line)
        line += len(lines)


def _complete(lines: list[str], text: io.TextIOWrapper) -> None:
    """Add the lines that belong to a quoted cell still open at the end of ``lines``."""
    if "".join(lines).count('"') % 2 == 0:
        return
    for added, line in enumerate(text):
        lines.append(line)
        if line.count('"') % 2 or added >= QUOTED_LINES_MAX:
            return


def parted(lines: list[str], dialect: Dialect, *, width: int, line: int = 1) -> Chunk:
    """Part ``lines``, of which the first has number ``line``, into rows of cells."""
    if dialect.lenient:
        return _line_by_line(lines, dialect.delimiter, line)
    try:
        rows = list(csv.reader(lines, delimiter=dialect.delimiter))
    except csv.Error:
        return _line_by_line(lines, dialect.delimiter, line)
    if len(rows) == len(lines):
        return Chunk(range(line, line + len(lines)), rows)
    return _numbered(lines, dialect, width, line)


def _numbered(lines: list[str], dialect: Dialect, width: int, line: int) -> Chunk:
    """Part lines of which some belong together; take them singly where a row swallowed others."""
    reader = csv.reader(lines, delimiter=dialect.delimiter)
    chunk, starts = Chunk(), list[int]()
    before = 0
    for row in reader:
        after = reader.line_num
        if after - before > 1 and _swallowed(lines[before:after], dialect, width, len(row)):
            singly = _line_by_line(lines[before:after], dialect.delimiter, line + before)
            starts.extend(singly.lines)
            chunk.rows.extend(singly.rows)
            chunk.broken.extend(singly.broken)
        else:
            starts.append(line + before)
            chunk.rows.append(row)
        before = after
    chunk.lines = starts
    return chunk


def _swallowed(lines: list[str], dialect: Dialect, width: int, cells: int) -> bool:
    """Say whether several lines became one row by a stray quotation mark."""
    if len(lines) > QUOTED_LINES_MAX or (width and cells > width + WIDTH_SLACK):
        return True
    try:
        list(csv.reader(lines, delimiter=dialect.delimiter, strict=True))
    except csv.Error:
        return True
    return False


def _line_by_line(lines: list[str], delimiter: str, line: int) -> Chunk:
    """Part each line for itself, forgiving single quotation marks."""
    chunk, starts = Chunk(), list[int]()
    for number, text in enumerate(lines, line):
        row = _strictly(text, delimiter)
        row = _leniently(text, delimiter) if row is None else row
        if any(len(cell) > csv.field_size_limit() for cell in row):
            chunk.broken.append(number)
            continue
        starts.append(number)
        chunk.rows.append(row)
    chunk.lines = starts
    return chunk


def _strictly(text: str, delimiter: str) -> list[str] | None:
    """Return the cells of a line that follows the rules, None for another."""
    try:
        rows = list(csv.reader([text], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    return rows[0] if rows else []


def _leniently(text: str, delimiter: str) -> list[str]:
    """Return the cells of a line whose quoted cells hold single quotation marks.

    A quoted cell ends at the first mark that a delimiter or the end of the line follows.
    """
    bare = text.rstrip("\r\n")
    closing = [match.start() for match in re.finditer(rf'"\s*(?={re.escape(delimiter)}|$)', bare)]
    cells: list[str] = []
    at = 0
    while at <= len(bare):
        end = _closing_mark(bare, at, closing)
        if end:
            cells.append(bare[at + 1 : end].replace('""', '"'))
        after = bare.find(delimiter, end or at)
        if not end:
            cells.append(bare[at:] if after < 0 else bare[at:after])
        if after < 0:
            break
        at = after + 1
    return cells


def _closing_mark(text: str, at: int, closing: list[int]) -> int:
    """Return where the quoted cell that starts ``at`` ends, 0 where none starts there."""
    if text[at : at + 1] != '"':
        return 0
    place = bisect.bisect_right(closing, at)
    return closing[place] if place < len(closing) else 0
