"""Forget how far letters have come that are long gone."""

from solvent.notifications.store import Deliveries
from solvent.runtime.work import Works


async def forget_letters(works: Works) -> int:
    """Remove what is kept of old letters; return how many."""
    async with works.for_nobody(cause="notifications.forget_letters") as work:
        return await Deliveries(work).forget_old()
