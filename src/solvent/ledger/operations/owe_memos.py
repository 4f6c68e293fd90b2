"""Leave the memos of a batch to be entered for the search by a job."""

from datetime import timedelta
from uuid import UUID

import msgspec

from solvent.ledger.store.memos import Backlog, Memos
from solvent.runtime.jobs.queue import enqueue
from solvent.runtime.work import Work

INDEX_MEMOS = "ledger.index_memos"
ENTERED_AFTER = timedelta(minutes=1)
"""When they are entered: at leisure, and the files that come together all at once."""


class OwedMemos(msgspec.Struct, frozen=True):
    """The household whose memos are to be entered."""

    household: UUID


async def owe_memos(work: Work, *, first: UUID, last: UUID) -> None:
    """Have the transactions with ids from ``first`` to ``last`` entered after this work's commit.

    The search finds them meanwhile too, by reading each one.
    """
    await Memos(work).owe(Backlog(first, last))
    await enqueue(work, INDEX_MEMOS, OwedMemos(work.household), after=ENTERED_AFTER)
