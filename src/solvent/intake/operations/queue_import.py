"""Queue an import: a large file is booked after the answer, and its progress can be watched."""

from uuid import UUID

import msgspec

from solvent.intake.domain import ImportState, NotPreviewed
from solvent.intake.operations.commit_import import OPEN_STATES
from solvent.intake.operations.import_file import ImportAnswer, kept_summary
from solvent.intake.store.sources import Sources
from solvent.runtime.jobs.queue import enqueue
from solvent.runtime.work import Work

COMMIT = "intake.commit"
"""The kind of job that books it."""

_QUEUED = frozenset({ImportState.WAITING, ImportState.IMPORTING})


class QueuedImport(msgspec.Struct, frozen=True):
    """What the job is told: the file, the answers to its questions, and who gave them."""

    household: UUID
    source: UUID
    actor: str
    account: UUID | None = None
    mapping: dict[str, object] | None = None
    new_account: bool = False


async def queue_import(
    work: Work,
    *,
    source: UUID,
    account: UUID | None = None,
    mapping: dict[str, object] | None = None,
    new_account: bool = False,
) -> ImportAnswer:
    """Have a kept file booked by a job, and return it as it waits.

    One that waits already, or is in the books, is returned as it stands. Raises
    :class:`NotPreviewed` for one that was undone.
    """
    sources = Sources(work)
    record = await sources.locked(source)
    state, summary = ImportState(record.state), kept_summary(record)
    if state in _QUEUED or state == ImportState.COMMITTED:
        return ImportAnswer(source, record.name, state, summary)
    if state not in OPEN_STATES:
        raise NotPreviewed(record.state)
    await sources.settle(
        source, ImportState.WAITING, account=record.account, mapping=record.mapping, result=None
    )
    told = QueuedImport(work.household, source, work.actor, account, mapping, new_account)
    await enqueue(work, COMMIT, told)
    summary.error = None
    return ImportAnswer(source, record.name, ImportState.WAITING, summary)
