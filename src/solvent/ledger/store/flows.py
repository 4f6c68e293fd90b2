"""What moved between two days, by kind of account and currency."""

from datetime import date
from typing import NamedTuple

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

UNCATEGORISED_COUNTED_MAX = 1_000


class FlowRow(NamedTuple):
    """What the accounts of one kind moved in one currency."""

    kind: str
    currency: str
    amount_minor: int


class Flows:
    """The flows of the household that ``work`` is scoped to."""

    BETWEEN = sql("""
        select a.kind, p.currency, sum(p.amount_minor)::bigint
          from account a
          join posting p on p.household_id = $1 and p.account_id = a.id and p.booked_on between $3 and $4
         where a.household_id = $1 and a.kind = any($2)
         group by a.kind, p.currency
    """)
    SEEN_BETWEEN = sql("""
        select kind, currency, sum(amount_minor)::bigint from seen_sums($2, $3) where kind = any($1) group by 1, 2
    """)
    UNCATEGORISED = sql("""
        select count(*) from (
            select from account a
              join posting p on p.household_id = $1 and p.account_id = a.id
             where a.household_id = $1 and a.role in ('uncategorised_expense', 'uncategorised_income')
             limit $2) waiting
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def between(self, kinds: list[str], first: date, last: date) -> list[FlowRow]:
        """Return what accounts of ``kinds`` moved from ``first`` to ``last``, both included."""
        if not self._work.scope.access.reads_all:
            return await self._work.fetch(FlowRow, self.SEEN_BETWEEN, kinds, first, last)
        return await self._work.fetch(
            FlowRow, self.BETWEEN, self._work.household, kinds, first, last
        )

    async def uncategorised(self) -> int:
        """Return how many postings wait for a category, counted up to a thousand."""
        found: int = await self._work.value(
            self.UNCATEGORISED, self._work.household, UNCATEGORISED_COUNTED_MAX
        )
        return found
