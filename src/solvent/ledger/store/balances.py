"""Balances and sums by month: exact sums of postings, by way of the sums that the database keeps."""

from datetime import date
from uuid import UUID

from solvent.ledger.domain import BalanceRow, MonthRow, MonthsRow
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Balances:
    """The balances of the household that ``work`` is scoped to.

    Whoever does not read every account is told sums over what they see (``seen_sums``), which cannot
    come from the sums kept by month.
    """

    ON_DAY = sql("""
        select a.id, a.kind, s.currency, sum(s.amount_minor)::bigint
          from account a
          join lateral (
               select m.currency, m.amount_minor from monthly_sum m
                where m.household_id = $1 and m.account_id = a.id and m.month < date_trunc('month', $2::date)
               union all
               select p.currency, p.amount_minor from posting p
                where p.household_id = $1 and p.account_id = a.id
                  and p.booked_on between date_trunc('month', $2::date)::date and $2) s on true
         where a.household_id = $1
         group by a.id, a.kind, s.currency
         order by a.kind, a.id, s.currency
    """)
    OF_ACCOUNT = sql("""
        select coalesce(sum(amount_minor), 0)::bigint from posting
         where household_id = $1 and account_id = $2 and currency = $3 and booked_on <= $4
    """)
    BY_MONTH = sql("""
        select a.id, s.currency, s.months, s.amounts_minor
          from account a
         cross join lateral (
               select m.currency, array_agg(m.month) as months, array_agg(m.amount_minor) as amounts_minor
                 from monthly_sum m
                where m.household_id = $1 and m.account_id = a.id and m.month between $3 and $4
                group by m.currency) s
         where a.household_id = $1 and a.kind = any($2)
    """)
    BEFORE = sql("""
        select m.account_id, $3::date, m.currency, sum(m.amount_minor)::bigint
          from monthly_sum m join account a on a.household_id = $1 and a.id = m.account_id
         where m.household_id = $1 and a.kind = any($2) and m.month < $3
         group by 1, 3
    """)
    SEEN_ON_DAY = sql("""
        select account_id, kind, currency, sum(amount_minor)::bigint from seen_sums(date '0001-01-01', $1)
         group by 1, 2, 3 order by 2, 1, 3
    """)
    SEEN_OF_ACCOUNT = sql("""
        select coalesce(sum(amount_minor), 0)::bigint from seen_sums(date '0001-01-01', $3)
         where account_id = $1 and currency = $2
    """)
    SEEN_BY_MONTH = sql("""
        select account_id, currency, array_agg(month), array_agg(amount_minor)
          from seen_sums($2, ($3::date + interval '1 month - 1 day')::date)
         where kind = any($1) group by 1, 2
    """)
    SEEN_BEFORE = sql("""
        select account_id, $2::date, currency, sum(amount_minor)::bigint
          from seen_sums(date '0001-01-01', $2::date - 1) where kind = any($1) group by 1, 3
    """)
    SEEN_SPAN = sql("""
        select min(month), max(month) from seen_sums(date '0001-01-01', date '9999-12-31')
    """)
    SPAN = sql("select min(month), max(month) from monthly_sum where household_id = $1")

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def on_day(self, day: date) -> list[BalanceRow]:
        """Return every account's balance at the end of ``day``, a row for each currency."""
        if not self._work.scope.access.reads_all:
            return await self._work.fetch(BalanceRow, self.SEEN_ON_DAY, day)
        return await self._work.fetch(BalanceRow, self.ON_DAY, self._work.household, day)

    async def of_account(self, account: UUID, currency: str, day: date) -> int:
        """Return one account's balance at the end of ``day``, in minor units."""
        if not self._work.scope.access.reads_all:
            seen: int = await self._work.value(self.SEEN_OF_ACCOUNT, account, currency, day)
            return seen
        found: int = await self._work.value(
            self.OF_ACCOUNT, self._work.household, account, currency, day
        )
        return found

    async def by_month(self, kinds: list[str], first: date, last: date) -> list[MonthsRow]:
        """Return what accounts of ``kinds`` moved in the months from ``first`` to ``last``."""
        if not self._work.scope.access.reads_all:
            return await self._work.fetch(MonthsRow, self.SEEN_BY_MONTH, kinds, first, last)
        return await self._work.fetch(
            MonthsRow, self.BY_MONTH, self._work.household, kinds, first, last
        )

    async def before(self, kinds: list[str], month: date) -> list[MonthRow]:
        """Return what accounts of ``kinds`` held before ``month``, dated as ``month``."""
        if not self._work.scope.access.reads_all:
            return await self._work.fetch(MonthRow, self.SEEN_BEFORE, kinds, month)
        return await self._work.fetch(MonthRow, self.BEFORE, self._work.household, kinds, month)

    async def span(self) -> tuple[date, date] | None:
        """Return the first and the last month with any posting, or None."""
        if self._work.scope.access.reads_all:
            row = await self._work.connection.fetchrow(self.SPAN, self._work.household)
        else:
            row = await self._work.connection.fetchrow(self.SEEN_SPAN)
        return None if row is None or row[0] is None else (row[0], row[1])
