"""The claims of one household: which rows stand for which transactions."""

from typing import NamedTuple
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

KEYED = """
    select t.id, t.origin, t.state, t.deleted_at, t.changed_seq from transaction t
     where t.household_id = $1 and t.id = i.transaction_id offset 0
"""
"""The transaction of a row ``i``, closed to conditions from outside, which might suggest another index."""


class Withdrawal(NamedTuple):
    """What withdrawing a batch came to, in transactions."""

    removed: int
    shared: int


class Claims:
    """The claims of the household that ``work`` is scoped to."""

    EDITED = sql(f"""
        select distinct t.id from source_item i cross join lateral ({KEYED}) t
         where i.household_id = $1 and i.source_id = $2 and not i.withdrawn and t.deleted_at is null
           and (t.changed_seq > 0 or t.state = 'reconciled'
                or exists (select from posting p where p.household_id = $1 and p.transaction_id = t.id
                            and p.moved_seq > 0 offset 0))
           and not exists (select from source_item o where o.household_id = $1 and o.transaction_id = t.id
                            and o.source_id <> $2 and not o.withdrawn offset 0)
    """)
    WITHDRAW = sql(f"""
        update source_item i set withdrawn = true
         where i.household_id = $1 and i.source_id = $2 and not i.withdrawn
           and i.transaction_id <> all($3)
           and not exists (select from ({KEYED}) t where t.deleted_at is not null offset 0)
    """)
    REMOVE = sql(f"""
        delete from transaction d using (
               select distinct t.id from source_item i cross join lateral ({KEYED}) t
                where i.household_id = $1 and i.source_id = $2 and i.withdrawn
                  and t.origin = 'import' and t.deleted_at is null
                  and not exists (select from source_item o where o.household_id = $1 and o.transaction_id = t.id
                                   and not o.withdrawn offset 0)) g
         where d.household_id = $1 and d.id = g.id
    """)
    SHARED = sql(f"""
        select count(distinct t.id) from source_item i cross join lateral ({KEYED}) t
         where i.household_id = $1 and i.source_id = $2 and i.withdrawn
    """)
    AIM_AGAIN = sql("""
        insert into aim
        select row_number() over (), i.currency, i.account_id, i.currency
          from (select distinct account_id, currency from source_item
                 where household_id = $1 and source_id = $2) i
    """)
    RESTAGE = sql("""
        insert into stage
        select m.account, i.line, i.booked_on, i.amount_minor, i.currency, i.payee, i.memo, i.external_id, i.state,
               i.ordinal, i.fingerprint, i.transaction_id
          from source_item i
          join aim m on m.account_id = i.account_id and m.kept_in = i.currency
         where i.household_id = $1 and i.source_id = $2 and i.withdrawn
    """)
    RECLAIM = sql("""
        update source_item i
           set withdrawn = false, transaction_id = coalesce(k.transaction_id, s.transaction_id),
               added = k.ordinal is null
          from stage s left join settled k on k.ordinal = s.ordinal
         where i.household_id = $1 and i.source_id = $2 and i.ordinal = s.ordinal
    """)

    FIRST = sql("""
        select transaction_id from source_item where household_id = $1 and source_id = $2
         order by transaction_id limit 1
    """)
    LAST = sql("""
        select transaction_id from source_item where household_id = $1 and source_id = $2
         order by transaction_id desc limit 1
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def edited(self, source: UUID) -> list[UUID]:
        """Return the transactions that only ``source`` claims and a person has changed since."""
        return await self._work.column(self.EDITED, self._work.household, source)

    async def withdraw(self, source: UUID, *, keep: list[UUID]) -> Withdrawal:
        """Withdraw the claims of ``source`` but those on ``keep``; remove what nothing claims.

        Rows of deleted transactions go on claiming them, so that they do not come back.
        """
        household = self._work.household
        await self._work.execute(self.WITHDRAW, household, source, keep)
        removed = await self._work.execute(self.REMOVE, household, source)
        shared: int = await self._work.value(self.SHARED, household, source)
        return Withdrawal(removed, shared)

    async def restage(self, source: UUID) -> None:
        """Stage the withdrawn rows of ``source`` once more, for the staging to decide on and book."""
        await self._work.execute(self.AIM_AGAIN, self._work.household, source)
        await self._work.execute(self.RESTAGE, self._work.household, source)

    async def ids(self, source: UUID) -> tuple[UUID, UUID]:
        """Return the first and the last id among the transactions that ``source`` claims."""
        household = self._work.household
        first: UUID = await self._work.value(self.FIRST, household, source)
        last: UUID = await self._work.value(self.LAST, household, source)
        return first, last

    async def reclaim(self, source: UUID) -> int:
        """Make good the claims that were decided on again; return how many."""
        return await self._work.execute(self.RECLAIM, self._work.household, source)
