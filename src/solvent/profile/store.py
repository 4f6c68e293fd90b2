"""Closing an account, in PostgreSQL."""

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

CLOSE = sql("select close_person()")


async def close(work: Work) -> list[str]:
    """Remove the person of ``work``; return the households that keep them from it, if any do."""
    return list(await work.value(CLOSE))
