"""Forget links in letters that have expired."""

from solvent.identity.store.links import Links
from solvent.runtime.work import Works


async def forget_links(works: Works) -> int:
    """Remove links that nobody can use any longer; return how many."""
    async with works.for_nobody(cause="identity.forget_links") as work:
        return await Links(work).forget_old()
