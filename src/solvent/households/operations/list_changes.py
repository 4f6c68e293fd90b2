"""List what has changed in a household since a seq, as far as the reader may see it."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import msgspec

from solvent.kernel.access import Access
from solvent.runtime.journal import HIDDEN, JournalRecord
from solvent.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Change:
    """One change; a hidden one has nothing but its seq and the kind ``hidden``."""

    seq: int
    kind: str
    at: datetime | None = None
    actor: str | None = None
    cause: str | None = None
    subject: UUID | None = None
    before: msgspec.Raw | None = None
    after: msgspec.Raw | None = None


async def list_changes(work: Work, *, since: int, limit: int) -> list[Change]:
    """Return at most ``limit`` changes after ``since``, oldest first, without a gap.

    Records count up without one; what the database does not show stands in its place as hidden.
    """
    records = await work.journal.since(since, limit=limit)
    if work.scope.access.reads_all:
        return [as_seen(record, work.scope.access) for record in records]
    shown = {record.seq: as_seen(record, work.scope.access) for record in records}
    last = min(since + limit, work.scope.seq)
    return [shown.get(seq) or Change(seq, HIDDEN) for seq in range(since + 1, last + 1)]


def as_seen(record: JournalRecord, access: Access) -> Change:
    """Return a record as somebody with ``access`` sees it."""
    if not access.reads(record.visibility):
        return Change(record.seq, HIDDEN)
    return Change(
        record.seq,
        record.kind,
        record.at,
        record.actor,
        record.cause,
        record.subject,
        _raw(record.before),
        _raw(record.after),
    )


def _raw(text: str | None) -> msgspec.Raw | None:
    return None if text is None else msgspec.Raw(text.encode())
