"""The reader of CSV files."""

from collections.abc import Iterator
from pathlib import PurePath
from typing import BinaryIO

from solvent.intake.formats.csv_table.dialect import DELIMITERS, DataTest, header_words
from solvent.intake.formats.csv_table.encoding import looks_like_text
from solvent.intake.formats.csv_table.mapping import Mapping
from solvent.intake.formats.csv_table.rows import Dialect, parted
from solvent.intake.formats.csv_table.sniff import find_plan
from solvent.intake.formats.csv_table.streaming import Stream
from solvent.intake.formats.reading import Reading, SourceRow

LOOKED_AT_BYTES = 16 * 1024
LINES_LOOKED_AT = 60
HEADER_WORDS_MIN = 2
DATA_SHARE_MIN = 0.3
"""Share of lines with a date and an amount that makes a table without a telling name."""
_SUFFIXES = frozenset((".csv", ".tsv", ".tab"))


class CsvReader:
    """Reads tables of text: one row a transaction, in whatever dialect a bank has."""

    format = "csv"

    def recognises(self, head: bytes, name: str) -> bool:
        """Say whether ``head`` is text in columns, with dates and amounts or a bank's header.

        A file named as CSV need only be text; ``read`` then says what is wrong with it.
        """
        text = looks_like_text(head[:LOOKED_AT_BYTES])
        if text is None:
            return False
        if PurePath(name).suffix.lower() in _SUFFIXES:
            return True
        lines = text.splitlines(keepends=True)[:LINES_LOOKED_AT]
        return any(_is_table(lines, delimiter) for delimiter in DELIMITERS)

    def read(
        self, file: BinaryIO, reading: Reading, told: dict[str, object] | None = None
    ) -> Iterator[list[SourceRow]]:
        """Yield the rows in batches and fill ``reading``, its ``mapping`` with all that was found.

        ``told`` may name any part of a mapping; what it leaves out is found out. Raise
        :class:`BadMapping`, :class:`UnreadableFile` or :class:`NeedsAnswer`.
        """
        reading.format = self.format
        plan, mapping = find_plan(file, Mapping.from_told(told or {}))
        reading.mapping = mapping.to_told()
        read = 0
        for batch in Stream(plan, reading).batches(file):
            read += len(batch)
            yield batch
        if not read and not reading.rejected_count:
            reading.warn("intake.empty_statement", "The file has a header, but no transactions.")


def _is_table(lines: list[str], delimiter: str) -> bool:
    """Say whether the lines are a table when parted by ``delimiter``."""
    rows = [row for row in parted(lines, Dialect(delimiter), width=0).rows if len(row) > 1]
    data = sum(map(DataTest(), rows))
    words = max((header_words(row) for row in rows), default=0)
    filled = sum(bool(line.strip()) for line in lines)
    return data > 0 and (words >= HEADER_WORDS_MIN or data >= DATA_SHARE_MIN * filled)
