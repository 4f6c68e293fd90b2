"""Commit in the background: the job that books a queued file, and what it leaves when it cannot."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

import msgspec

from solvent.intake.domain import ImportState
from solvent.intake.formats.reading import NeedsAnswer
from solvent.intake.operations.commit_import import OPEN_STATES, commit_import
from solvent.intake.operations.import_file import kept_summary
from solvent.intake.operations.queue_import import COMMIT, QueuedImport
from solvent.intake.store.sources import ProgressRow, Sources
from solvent.kernel.errors import Refusal
from solvent.runtime.jobs.queue import in_turn
from solvent.runtime.outcomes import PASSING
from solvent.runtime.work import Work, Works

REPORT_INTERVAL_S = 0.5

READING, BOOKING = "reading", "booking"
"""Stages that a person sees."""


class ImportBroken(Refusal):
    """Booking the file failed again and again, for no reason that lies in the file."""

    code = "intake.import_broken"

    def __init__(self) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "The import could not be finished, and nothing of it was booked. The file is kept: "
            "try again, or tell whoever runs this installation."
        )


async def commit_in_background(works: Works, queued: QueuedImport) -> None:
    """Book the file of ``queued``, writing progress beside it, or keep why it was refused.

    May be called again after a crash at any point: a file that is booked is left alone.
    """
    if not await _begin(works, queued):
        return
    try:
        async with _asked_by(works, queued) as work:
            await in_turn(work)
            await commit_import(
                work,
                source=queued.source,
                account=queued.account,
                mapping=queued.mapping,
                new_account=queued.new_account,
                progress=_Reporter(works, queued).report,
            )
            await Sources(work).forget_progress(queued.source)
    except PASSING:
        raise
    except Refusal as refusal:
        await _fail(works, queued, refusal)


@asynccontextmanager
async def _asked_by(works: Works, queued: QueuedImport) -> AsyncGenerator[Work]:
    """Open a work for whoever queued the file, as far as they may go by now."""
    kind, _, person = queued.actor.partition(":")
    if kind == "person":
        async with works.for_member(queued.household, person=UUID(person), cause=COMMIT) as work:
            yield work
        return
    async with works.for_machine(queued.household, cause=COMMIT) as work:
        work.actor = queued.actor
        yield work


async def give_up_import(works: Works, queued: QueuedImport) -> None:
    """Keep that the file of ``queued`` could not be booked, unless it was."""
    await _fail(works, queued, ImportBroken())


async def _begin(works: Works, queued: QueuedImport) -> bool:
    """Say that the import runs; tell whether there is anything to do."""
    async with works.for_machine(queued.household, cause=COMMIT) as work:
        sources = Sources(work)
        record = await sources.locked(queued.source)
        if record.state not in OPEN_STATES:
            return False
        await sources.set_state(queued.source, ImportState.IMPORTING)
        await sources.report(queued.source, ProgressRow(READING, 0, record.bytes))
    return True


async def _fail(works: Works, queued: QueuedImport, refusal: Refusal) -> None:
    """Keep the code and the sentence of ``refusal`` with the file."""
    async with works.for_machine(queued.household, cause=COMMIT) as work:
        sources = Sources(work)
        record = await sources.locked(queued.source)
        if record.state not in OPEN_STATES:
            return
        summary = kept_summary(record)
        summary.error = {"code": refusal.code, "message": refusal.message}
        if isinstance(refusal, NeedsAnswer):
            summary.questions = list(refusal.questions)
        await sources.settle(
            queued.source,
            ImportState.FAILED,
            account=record.account,
            mapping=record.mapping,
            result=msgspec.json.encode(summary).decode(),
        )
        await sources.forget_progress(queued.source)


class _Reporter:
    """Writes how far an import is, in a work of its own and not too often."""

    def __init__(self, works: Works, queued: QueuedImport) -> None:
        self._works = works
        self._queued = queued
        self._next_at = 0.0

    async def report(self, done: int, total: int) -> None:
        """Write that ``done`` of ``total`` bytes are read; at the end, that booking begins."""
        now = asyncio.get_running_loop().time()
        if now < self._next_at and done < total:
            return
        self._next_at = now + REPORT_INTERVAL_S
        row = ProgressRow(READING if done < total else BOOKING, done, total)
        async with self._works.for_machine(self._queued.household, cause=COMMIT) as work:
            await Sources(work).report(self._queued.source, row)
