"""Forget sessions that are long over, with the digests of their refresh tokens."""

from datetime import timedelta

from solvent.identity.store.sessions import Sessions
from solvent.runtime.work import Works

KEPT = timedelta(days=30)
"""So long a token that is used again is still known for one that was copied."""


async def forget_sessions(works: Works) -> int:
    """Remove sessions that ended or expired a while ago; return how many."""
    async with works.for_nobody(cause="identity.forget_sessions") as work:
        return await Sessions(work).forget_old(work.clock.now() - KEPT)
