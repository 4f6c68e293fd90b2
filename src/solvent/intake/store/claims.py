"""The claims of one household: which rows stand for which transactions."""

from typing import NamedTuple
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Withdrawal(NamedTuple):
    """What withdrawing a batch came to, in transactions."""

    removed: int
    shared: int


class Claims:
    """The claims of the household that ``work`` is scoped to."""

    EDITED = sql("""
        select distinct t.id from source_item i
          join transaction t on t.household_id = $1 and t.id = i.transaction_id
         where i.household_id = $1 and i.source_id = $2 and not i.withdrawn
           and t.deleted_at is null and (t.changed_seq > 0 or t.state = 'reconciled')
           and not exists (select from source_item o where o.household_id = $1 and o.transaction_id = t.id
                            and o.source_id <> $2 and not o.withdrawn)
    """)
    WITHDRAW = sql("""
        update source_item i set withdrawn = true
         where i.household_id = $1 and i.source_id = $2 and not i.withdrawn
           and i.transaction_id <> all($3)
           and not exists (select from transaction t where t.household_id = $1 and t.id = i.transaction_id
                            and t.deleted_at is not null)
    """)
    REMOVE = sql("""
        delete from transaction t
         where t.household_id = $1 and t.id in (
               select i.transaction_id from source_item i
                where i.household_id = $1 and i.source_id = $2 and i.withdrawn)
           and t.origin = 'import' and t.deleted_at is null
           and not exists (select from source_item o where o.household_id = $1 and o.transaction_id = t.id
                            and not o.withdrawn)
    """)
    SHARED = sql("""
        select count(distinct i.transaction_id) from source_item i
          join transaction t on t.household_id = $1 and t.id = i.transaction_id
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

    async def reclaim(self, source: UUID) -> int:
        """Make good the claims that were decided on again; return how many."""
        return await self._work.execute(self.RECLAIM, self._work.household, source)
