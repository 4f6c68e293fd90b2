"""Dated exchange rates: units of a currency for one euro, as the European Central Bank published."""

from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from solvent.ledger.domain import EURO, RateTable
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

RATE_AGE_DAYS_MAX = 62
"""How old the newest published rate may be for a day: releases bring new ones, if not daily."""


class RateRow(NamedTuple):
    """One rate as asked for: the day it was asked for, and what was found."""

    currency: str
    day: date
    per_euro: Decimal | None


class Rates:
    """The rates that everyone shares."""

    ON_DAYS = sql("""
        select c.currency, d.day,
               (select r.per_euro from rate r
                 where r.currency = c.currency and r.on_day between d.day - $3::int and d.day
                 order by r.on_day desc limit 1)
          from unnest($1::text[]) c(currency) cross join unnest($2::date[]) d(day)
    """)
    NEWEST = sql("select max(on_day) from rate")

    def __init__(self, work: Work) -> None:
        """Ask through ``work``."""
        self._work = work

    async def table(self, currencies: Iterable[str], days: Sequence[date]) -> RateTable:
        """Return the rates of ``currencies`` for ``days``, each the newest there is by then."""
        wanted = sorted(set(currencies) - {EURO})
        if not wanted or not days:
            return RateTable()
        rows = await self._work.fetch(RateRow, self.ON_DAYS, wanted, list(days), RATE_AGE_DAYS_MAX)
        return RateTable(
            {(row.currency, row.day): row.per_euro for row in rows if row.per_euro is not None}
        )

    async def newest(self) -> date | None:
        """Return the day of the newest rate, or None when there is none."""
        found: date | None = await self._work.value(self.NEWEST)
        return found
