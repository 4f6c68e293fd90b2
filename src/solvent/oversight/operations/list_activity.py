"""List what happened to the reader's own ways in."""

from solvent.oversight.domain import SEQ_LAST, Activity
from solvent.oversight.store.events import Events
from solvent.runtime.work import Work


async def list_activity(work: Work, *, before: int = SEQ_LAST, limit: int = 50) -> list[Activity]:
    """Return at most ``limit`` of the person's security events under ``before``, newest first.

    That a program continued its log-in is left out: it happens every quarter of an hour.
    """
    return await Events(work).newest(before=before, limit=limit)
