"""Analyze the books after a large batch: without statistics, "the newest fifty" is planned badly."""

import msgspec

from solvent.runtime.statements import sql
from solvent.runtime.work import Works

STATISTICS = "intake.statistics"
"""The kind of job that does it."""

ANALYZE = sql("select analyze_books()")


class AnalyzeBooks(msgspec.Struct, frozen=True):
    """What the job is told: nothing, for statistics are of whole tables."""


async def analyze_books(works: Works) -> None:
    """Take the planner's statistics of the books anew."""
    async with works.for_nobody(cause=STATISTICS) as work:
        await work.execute(ANALYZE)
