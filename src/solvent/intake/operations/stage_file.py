"""Read a file into the staging of this work, batch by batch, off the event loop."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import BinaryIO
from uuid import UUID

from solvent.intake.formats.reading import ROWS_MAX, Reading, UnreadableFile
from solvent.intake.formats.registry import reader_for
from solvent.intake.store.staging import Part, Staging
from solvent.runtime.work import Work

Progress = Callable[[int, int], Awaitable[None]]


class TooManyRows(UnreadableFile):
    """The file has more rows than one import takes."""

    code = "intake.too_many_rows"

    def __init__(self) -> None:
        """Say the limit and what to do."""
        super().__init__(f"The file has more than {ROWS_MAX} rows; split it by year.")


@dataclass(frozen=True, slots=True)
class Staged:
    """A file as read: what it says once, its rows by account and currency.

    ``ids`` are the first and the last id that its transactions may have.
    """

    reading: Reading
    parts: list[Part]
    ids: tuple[UUID, UUID]

    @property
    def rows(self) -> int:
        """How many rows came in."""
        return sum(part.rows for part in self.parts)


async def stage_file(
    work: Work,
    *,
    file: BinaryIO,
    name: str,
    told: dict[str, object] | None,
    progress: Progress | None = None,
) -> Staged:
    """Read ``file`` into the staging; ``told`` is a mapping that a person or a profile gives.

    Raises what readers raise. ``progress`` is told how many bytes of how many are read.
    """
    staging = Staging(work)
    await staging.begin()
    reader = reader_for(file, name)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    reading = Reading(format=reader.format)
    batches = reader.read(file, reading, told)
    rows = 0
    while (batch := await asyncio.to_thread(next, batches, None)) is not None:
        rows += len(batch)
        if rows > ROWS_MAX:
            raise TooManyRows
        await staging.add(batch)
        if progress is not None:
            await progress(min(file.tell(), size), size)
    return Staged(reading, await staging.parts(), staging.ids)
