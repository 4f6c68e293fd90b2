"""Book a file that was previewed, with the answers a person has given."""

import tempfile
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import BinaryIO, cast
from uuid import UUID

import msgspec

from solvent.intake.domain import ImportState, NotPreviewed
from solvent.intake.operations.find_accounts import find_accounts
from solvent.intake.operations.import_file import ImportAnswer, book_source, kept_summary
from solvent.intake.operations.stage_file import Progress, stage_file
from solvent.intake.store.profiles import Profiles
from solvent.intake.store.sources import SourceRecord, Sources
from solvent.runtime.work import Work

SPOOL_BYTES = 4 * 1024 * 1024
OPEN_STATES = frozenset(
    {ImportState.PREVIEWED, ImportState.WAITING, ImportState.IMPORTING, ImportState.FAILED}
)


async def commit_import(
    work: Work,
    *,
    source: UUID,
    account: UUID | None = None,
    mapping: dict[str, object] | None = None,
    new_account: bool = False,
    progress: Progress | None = None,
) -> ImportAnswer:
    """Read the kept file again and book it.

    ``account`` and ``mapping`` answer its questions. Raises :class:`NotPreviewed` when it was
    decided on already, and :class:`NeedsAnswer` while a question is open.
    """
    sources = Sources(work)
    record = await sources.locked(source)
    if record.state == ImportState.COMMITTED:
        return ImportAnswer(source, record.name, ImportState.COMMITTED, kept_summary(record))
    if record.state not in OPEN_STATES:
        raise NotPreviewed(record.state)
    own = account or record.account
    told = mapping or kept_mapping(record) or await Profiles(work).of(own)
    async with kept_file(work, source) as file:
        staged = await stage_file(work, file=file, name=record.name, told=told, progress=progress)
    await work.journal.hold()
    targets = await find_accounts(
        work, staged=staged, told=own, file_name=record.name, make_new=new_account
    )
    return await book_source(work, source=source, name=record.name, staged=staged, targets=targets)


def kept_mapping(record: SourceRecord) -> dict[str, object] | None:
    """Return the mapping kept with a file, if there is one."""
    if record.mapping is None:
        return None
    return msgspec.json.decode(record.mapping, type=dict[str, object])


@asynccontextmanager
async def kept_file(work: Work, source: UUID) -> AsyncGenerator[BinaryIO]:
    """Lend the content of a kept file, in memory while it is small and on disk beyond."""
    with tempfile.SpooledTemporaryFile(max_size=SPOOL_BYTES) as spool:
        async for piece in Sources(work).content(source):
            spool.write(piece)
        spool.seek(0)
        yield cast("BinaryIO", spool)
