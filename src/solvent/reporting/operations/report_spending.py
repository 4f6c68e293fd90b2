"""Spending by category and month."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from solvent.kernel.clock import local_day
from solvent.kernel.errors import BadValue
from solvent.kernel.period import month_end, month_of, months_between
from solvent.ledger.domain import AccountKind, MonthsRow, RateTable
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.read_months import read_months, read_span
from solvent.ledger.operations.read_rates import read_rates
from solvent.runtime.work import Work

MONTHS_MAX = 1_200
YEAR_AND_MONTH_CHARS = 7


@dataclass(frozen=True, slots=True)
class CategorySpending:
    """One category's spending, a value for each month; money spent is positive."""

    category: UUID
    name: str
    currency: str
    amounts_minor: list[int]


@dataclass(frozen=True, slots=True)
class SpendingReport:
    """Spending by month; ``missing_rates`` names what could not be converted and was left out."""

    months: list[str]
    categories: list[CategorySpending]
    currency: str
    missing_rates: list[str]


async def report_spending(
    work: Work,
    *,
    first: date | None = None,
    last: date | None = None,
    kind: AccountKind = AccountKind.EXPENSE,
    converted: bool = True,
) -> SpendingReport:
    """Sum the accounts of ``kind`` by month, from the month of ``first`` to that of ``last``.

    Converted to the household's currency at the rate of each month's last day (today for this
    month), or else a line for each currency. Income is shown positive too.
    """
    months = await asked_months(work, first, last)
    if not months:
        return SpendingReport([], [], work.scope.base_currency, [])
    rows = await read_months(work, kinds=[kind], first=months[0], last=months[-1])
    names = {account.id: account.path for account in await read_accounts(work)}
    days: dict[date, date] = {}
    table = RateTable()
    if converted:
        days = valuation_days(work, months)
        table = await read_rates(
            work,
            currencies={row.currency for row in rows} | {work.scope.base_currency},
            days=list(days.values()),
        )
    sign = -1 if kind is AccountKind.INCOME else 1
    sums = _Sums(months, days, table, work.scope.base_currency if converted else None)
    for row in rows:
        sums.add(row, sign)
    categories = [
        CategorySpending(category, names[category], currency, amounts)
        for (category, currency), amounts in sums.by_category.items()
    ]
    categories.sort(key=lambda line: (-sum(line.amounts_minor), line.name))
    return SpendingReport(
        names_of(months),
        categories,
        work.scope.base_currency,
        sorted(sums.missing),
    )


class _Sums:
    """Amounts by category and month, in one currency or each in its own."""

    def __init__(
        self, months: list[date], days: dict[date, date], table: RateTable, target: str | None
    ) -> None:
        self._places = {month: place for place, month in enumerate(months)}
        self._days = days
        self._table = table
        self._target = target
        self.missing: set[str] = set()
        self.by_category: defaultdict[tuple[UUID, str], list[int]] = defaultdict(
            lambda: [0] * len(months)
        )

    def add(self, row: MonthsRow, sign: int) -> None:
        """Add what one account moved."""
        currency = self._target or row.currency
        key, places = (row.account, currency), self._places
        for month, minor in zip(row.months, self._in(currency, row), strict=True):
            if minor is None:
                self.missing.add(f"{row.currency} {month:%Y-%m}")
            else:
                self.by_category[key][places[month]] += sign * minor

    def _in(self, currency: str, row: MonthsRow) -> Sequence[int | None]:
        """Return the amounts of ``row`` in ``currency``, None where a rate is missing."""
        if currency == row.currency:
            return row.amounts_minor
        return [
            self._table.convert(minor, row.currency, currency, self._days[month])
            for month, minor in zip(row.months, row.amounts_minor, strict=True)
        ]


async def asked_months(work: Work, first: date | None, last: date | None) -> list[date]:
    """Return the months asked for; where an end is left open, that of the books."""
    span = await read_span(work) if first is None or last is None else None
    start = first or (span[0] if span else None)
    end = last or (span[1] if span else None)
    if start is None or end is None:
        return []
    if end < start:
        raise BadValue("The last day is before the first.", field="to")
    if (end.year - start.year) * 12 > MONTHS_MAX:
        raise BadValue(f"A report spans at most {MONTHS_MAX} months.", field="from")
    return months_between(month_of(start), end)


def names_of(months: list[date]) -> list[str]:
    """Return the months as they are written in answers: ``2026-03``."""
    return [month.isoformat()[:YEAR_AND_MONTH_CHARS] for month in months]


def valuation_days(work: Work, months: list[date]) -> dict[date, date]:
    """Return for each month the day whose rates value it: its last, or today if that is earlier."""
    today = local_day(work.clock, work.scope.time_zone)
    return {month: min(month_end(month), max(today, month)) for month in months}
