"""Memos as they are searched: entered at once where a person writes, by a job after an import.

The database itself keeps what is entered in step with changes and deletions.
"""

from dataclasses import dataclass
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Backlog:
    """The ids, first and last included, among which transactions wait to be entered."""

    first: UUID
    last: UUID


class Memos:
    """The memos of the household that ``work`` is scoped to."""

    ENTER = sql("""
        insert into memo_text (household_id, transaction_id, memo) values ($1, $2, $3)
        on conflict (household_id, transaction_id) do update set memo = excluded.memo
    """)
    OWE = sql("""
        insert into memo_backlog as b (household_id, first_id, last_id) values ($1, $2, $3)
        on conflict (household_id, first_id) do update set last_id = greatest(b.last_id, excluded.last_id)
    """)
    OLDEST = sql("""
        select first_id, last_id from memo_backlog where household_id = $1 order by first_id limit 1 for update
    """)
    BOUND = sql("""
        select t.id from transaction t
         where t.household_id = $1 and t.id between $2 and $3 order by t.id offset $4 limit 1
    """)
    ENTER_RANGE = sql("""
        with held as materialized (
            select t.id, t.memo from transaction t
             where t.household_id = $1 and t.id >= $2 and t.id < $3 and t.deleted_at is null and t.memo <> ''
             order by t.id for share)
        insert into memo_text (household_id, transaction_id, memo) select $1, id, memo from held
        on conflict (household_id, transaction_id) do nothing
    """)
    ENTER_REST = sql("""
        with held as materialized (
            select t.id, t.memo from transaction t
             where t.household_id = $1 and t.id between $2 and $3 and t.deleted_at is null and t.memo <> ''
             order by t.id for share)
        insert into memo_text (household_id, transaction_id, memo) select $1, id, memo from held
        on conflict (household_id, transaction_id) do nothing
    """)
    ADVANCE = sql("""
        update memo_backlog set first_id = $3 where household_id = $1 and first_id = $2
    """)
    SETTLE = sql("delete from memo_backlog where household_id = $1 and first_id = $2")

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def enter(self, transaction: UUID, memo: str) -> None:
        """Enter one memo, unless it is empty."""
        if memo:
            await self._work.execute(self.ENTER, self._work.household, transaction, memo)

    async def owe(self, backlog: Backlog) -> None:
        """Say that the transactions of ``backlog`` are still to be entered."""
        await self._work.execute(self.OWE, self._work.household, backlog.first, backlog.last)

    async def enter_some(self, limit: int) -> bool:
        """Enter at most ``limit`` transactions of the backlog; return whether any are left.

        They are held against change meanwhile, so that no memo is entered that is not theirs.
        """
        household = self._work.household
        backlog = await self._work.one(Backlog, self.OLDEST, household)
        if backlog is None:
            return False
        first, last = backlog.first, backlog.last
        bound: UUID | None = await self._work.value(self.BOUND, household, first, last, limit)
        if bound is None:
            await self._work.execute(self.ENTER_REST, household, first, last)
            await self._work.execute(self.SETTLE, household, first)
        else:
            await self._work.execute(self.ENTER_RANGE, household, first, bound)
            await self._work.execute(self.ADVANCE, household, first, bound)
        return True
