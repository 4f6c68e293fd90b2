"""How far each letter has come."""

from datetime import timedelta
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

HANDED_OVER, SENT, UNKNOWN = "handed_over", "sent", "unknown"
KEPT = timedelta(days=30)
"""No job is tried again after that."""


class Deliveries:
    """Letters by their id; neither whom they are for nor what they say is known here."""

    STATE = sql("select state from letter where id = $1 for update")
    MARK = sql("""
        insert into letter (id, state, at) values ($1, $2, $3)
        on conflict (id) do update set state = excluded.state, at = excluded.at
    """)
    FREE = sql("delete from letter where id = $1")
    FORGET = sql("delete from letter where at < $1")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def state(self, letter: UUID) -> str | None:
        """Return how far a letter has come; None when it was never handed over."""
        state: str | None = await self._work.value(self.STATE, letter)
        return state

    async def mark(self, letter: UUID, state: str) -> None:
        """Keep how far a letter has come."""
        await self._work.execute(self.MARK, letter, state, self._work.clock.now())

    async def free(self, letter: UUID) -> None:
        """Have a letter count as never handed over."""
        await self._work.execute(self.FREE, letter)

    async def forget_old(self) -> int:
        """Forget letters that nobody asks about any longer; return how many."""
        return await self._work.execute(self.FORGET, self._work.clock.now() - KEPT)
