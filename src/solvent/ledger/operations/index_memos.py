"""Enter memos that an import left to be searched, some at a time."""

from solvent.ledger.store.memos import Memos
from solvent.runtime.work import Work

ROWS_AT_ONCE = 10_000


async def index_memos(work: Work, *, limit: int = ROWS_AT_ONCE) -> bool:
    """Enter at most ``limit`` memos of the household; return False when none was left to do."""
    return await Memos(work).enter_some(limit)
