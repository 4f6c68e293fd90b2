"""Reading CSV text in tests, and the answers in a form that is short to compare."""

import io
from dataclasses import dataclass
from typing import Any

from solvent.intake.formats.csv_table.reader import CsvReader
from solvent.intake.formats.reading import BATCH_ROWS, Reading, SourceRow


@dataclass(frozen=True)
class Answer:
    """What a file says."""

    rows: list[SourceRow]
    reading: Reading

    @property
    def minors(self) -> list[int]:
        return [row.amount_minor for row in self.rows]

    @property
    def days(self) -> list[str]:
        return [row.booked_on.isoformat() for row in self.rows]

    @property
    def payees(self) -> list[str]:
        return [row.payee for row in self.rows]

    @property
    def rejected(self) -> list[tuple[int, str]]:
        return [(row.line, row.code) for row in self.reading.rejected]

    @property
    def warnings(self) -> set[str]:
        return {warning.code for warning in self.reading.warnings}

    @property
    def columns(self) -> Any:
        return self.reading.mapping["columns"]

    @property
    def closings(self) -> list[tuple[int, str, str | None]]:
        return [
            (each.amount_minor, each.currency, each.on.isoformat() if each.on else None)
            for each in self.reading.closings
        ]


def read(file: str | bytes, told: dict[str, object] | None = None) -> Answer:
    data = file if isinstance(file, bytes) else file.encode()
    reading = Reading()
    rows: list[SourceRow] = []
    for batch in CsvReader().read(io.BytesIO(data), reading, told):
        assert 0 < len(batch) <= BATCH_ROWS
        rows += batch
    assert all(0 <= row.account < len(reading.accounts) for row in rows)
    return Answer(rows, reading)
