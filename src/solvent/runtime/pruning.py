"""What the plumbing itself keeps only for a while."""

from datetime import timedelta

from solvent.runtime.statements import sql
from solvent.runtime.work import Works

ANSWERS_KEPT = timedelta(hours=24)

FORGET_ANSWERS = sql("delete from idempotency where created_at < $1")


async def forget_answers(works: Works) -> int:
    """Forget answers kept under an Idempotency-Key for longer than a day; return how many."""
    async with works.for_nobody(cause="runtime.forget_answers") as work:
        return await work.execute(FORGET_ANSWERS, work.clock.now() - ANSWERS_KEPT)
