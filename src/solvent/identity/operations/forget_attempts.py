"""Forget failed attempts to log in that are too old to count."""

from solvent.identity.store.failures import forget_old
from solvent.runtime.work import Works


async def forget_attempts(works: Works) -> int:
    """Remove counts that no window reaches any longer; return how many."""
    async with works.for_nobody(cause="identity.forget_attempts") as work:
        return await forget_old(work)
