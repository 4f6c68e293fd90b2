"""Read a household's audit trail, as far as the reader may see it."""

from uuid import UUID

from solvent.kernel.access import Level
from solvent.oversight.domain import SEQ_LAST, TrailFilter, TrailRecord
from solvent.oversight.store.trail import Trail, TrailRow
from solvent.runtime.journal import HIDDEN
from solvent.runtime.work import Work


async def read_trail(
    work: Work, *, wanted: TrailFilter, before: int = SEQ_LAST, limit: int = 50
) -> list[TrailRecord]:
    """Return at most ``limit`` records numbered under ``before``, newest first.

    What the reader may not see is left out of a narrowed trail, for that it fits would
    tell what it is; else it stands there as hidden.
    """
    unseen: list[UUID] = []
    if wanted != TrailFilter():
        grants = work.scope.access.grants
        unseen = [account for account, level in grants.items() if level < Level.READ]
    rows = await Trail(work).newest(wanted, before=before, limit=limit, unseen=unseen)
    return [_as_seen(work, row) for row in rows]


async def read_trail_terms(work: Work) -> tuple[list[str], list[tuple[UUID, str]]]:
    """Return the kinds and the members that a trail can be narrowed to."""
    trail = Trail(work)
    return await trail.kinds(), await trail.people()


def _as_seen(work: Work, row: TrailRow) -> TrailRecord:
    if not work.scope.access.reads(row.visibility):
        return TrailRecord(row.seq, HIDDEN)
    return TrailRecord(
        row.seq,
        row.kind,
        row.at,
        row.actor,
        row.person,
        row.cause,
        row.subject,
        row.before,
        row.after,
    )
