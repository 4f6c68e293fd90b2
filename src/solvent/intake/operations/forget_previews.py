"""Forget previews: a file that nobody took for 30 days is kept no longer."""

from solvent.intake.store import previews
from solvent.runtime.work import Works


async def forget_previews(works: Works) -> int:
    """Remove the files of all households that were only looked at; return how many."""
    async with works.for_nobody(cause="intake.forget_previews") as work:
        return await previews.forget(work)
