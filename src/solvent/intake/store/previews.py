"""Files that were looked at and never taken, of all households at once."""

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

FORGET = sql("select forget_previews()")


async def forget(work: Work) -> int:
    """Remove what has been waiting for a word for 30 days; return how many files."""
    forgotten: int = await work.value(FORGET)
    return forgotten
