"""Files that were looked at and never taken, of all households at once."""

from datetime import timedelta

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

KEPT = timedelta(days=30)

FORGET = sql("select forget_previews($1)")


async def forget(work: Work) -> int:
    """Remove what has been waiting for a word for 30 days; return how many files."""
    forgotten: int = await work.value(FORGET, work.clock.now() - KEPT)
    return forgotten
