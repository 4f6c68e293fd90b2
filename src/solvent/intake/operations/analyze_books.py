"""Analyze the books after a large batch, for the questions that go over whole tables."""

from datetime import timedelta

import msgspec

from solvent.runtime.statements import sql
from solvent.runtime.work import Works

STATISTICS = "intake.statistics"
"""The kind of job that does it."""
STATISTICS_AFTER = timedelta(minutes=1)
"""When it does it: files come several at a time, and what is asked meanwhile is planned without."""

ANALYZE = sql("select analyze_books()")


class AnalyzeBooks(msgspec.Struct, frozen=True):
    """What the job is told: nothing, for statistics are of whole tables."""


async def analyze_books(works: Works) -> None:
    """Take the planner's statistics of the books anew."""
    async with works.for_nobody(cause=STATISTICS) as work:
        await work.execute(ANALYZE)
