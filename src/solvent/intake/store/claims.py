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
        select distinct t.id from claim c
          join transaction t on t.household_id = $1 and t.id = c.transaction_id
         where c.household_id = $1 and c.source_id = $2 and not c.withdrawn
           and t.deleted_at is null and (t.changed_seq > 0 or t.state = 'reconciled')
           and not exists (select from claim o where o.household_id = $1 and o.transaction_id = t.id
                            and o.source_id <> $2 and not o.withdrawn)
    """)
    WITHDRAW = sql("""
        update claim c set withdrawn = true
         where c.household_id = $1 and c.source_id = $2 and not c.withdrawn
           and c.transaction_id <> all($3)
           and not exists (select from transaction t where t.household_id = $1 and t.id = c.transaction_id
                            and t.deleted_at is not null)
    """)
    REMOVE = sql("""
        delete from transaction t
         where t.household_id = $1 and t.id in (
               select c.transaction_id from claim c
                where c.household_id = $1 and c.source_id = $2 and c.withdrawn)
           and t.origin = 'import' and t.deleted_at is null
           and not exists (select from claim o where o.household_id = $1 and o.transaction_id = t.id
                            and not o.withdrawn)
    """)
    SHARED = sql("""
        select count(distinct c.transaction_id) from claim c
          join transaction t on t.household_id = $1 and t.id = c.transaction_id
         where c.household_id = $1 and c.source_id = $2 and c.withdrawn
    """)
    REDECIDE = sql("""
        insert into decided
        select i.ordinal, i.account_id, i.line, i.booked_on, i.amount_minor, i.currency, i.payee, i.memo,
               i.external_id, i.state, i.fingerprint,
               coalesce(known.transaction_id, c.transaction_id),
               known.transaction_id is null
               and row_number() over (partition by i.account_id, i.fingerprint order by i.ordinal) = 1,
               a.payee_id, y.category_id
          from source_item i
          join claim c on c.household_id = $1 and c.source_id = $2 and c.ordinal = i.ordinal
          left join lateral (
               select o.transaction_id from claim o
                where o.household_id = $1 and o.account_id = i.account_id and o.fingerprint = i.fingerprint
                  and not o.withdrawn limit 1) known on true
          left join payee_alias a on a.household_id = $1 and a.description = i.payee
          left join payee y on y.household_id = $1 and y.id = a.payee_id
         where i.household_id = $1 and i.source_id = $2 and c.withdrawn
    """)
    RECLAIM = sql("""
        update claim c set withdrawn = false, transaction_id = d.transaction_id, added = d.added
          from decided d
         where c.household_id = $1 and c.source_id = $2 and c.ordinal = d.ordinal
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

    async def redecide(self, source: UUID) -> None:
        """Decide again on the withdrawn rows of ``source``, for the staging to book."""
        await self._work.execute(self.REDECIDE, self._work.household, source)

    async def reclaim(self, source: UUID) -> int:
        """Make good the claims that were decided on again; return how many."""
        return await self._work.execute(self.RECLAIM, self._work.household, source)
