"""Where a household stands on a day: net worth and its change, the month so far beside the last."""

from dataclasses import dataclass
from datetime import date, timedelta

from solvent.kernel.clock import local_day
from solvent.kernel.period import month_end, month_of, months_later
from solvent.ledger.domain import AccountKind
from solvent.ledger.operations.read_balances import read_balances
from solvent.ledger.operations.read_rates import read_rates
from solvent.ledger.operations.sum_flows import count_uncategorised, sum_flows
from solvent.runtime.work import Work

HOLDING = (AccountKind.ASSET, AccountKind.LIABILITY)


@dataclass(frozen=True, slots=True)
class NetWorth:
    """Assets less liabilities; ``change_minor`` is since ``since``; ``missing`` lacks a rate."""

    amount_minor: int
    currency: str
    change_minor: int | None
    since: date
    missing: list[str]


@dataclass(frozen=True, slots=True)
class MonthSoFar:
    """Income and spending of this month, and of the last one up to the same day; both positive."""

    first: date
    before: date
    currency: str
    income_minor: int
    spending_minor: int
    before_income_minor: int | None
    before_spending_minor: int | None


@dataclass(frozen=True, slots=True)
class TodayReport:
    """Where the household stands."""

    day: date
    net_worth: NetWorth
    month: MonthSoFar
    needs_category: int


async def report_today(work: Work) -> TodayReport:
    """Return where the household stands today, in its own currency and time zone."""
    day = local_day(work.clock, work.scope.time_zone)
    return TodayReport(
        day, await _net_worth(work, day), await _month(work, day), await count_uncategorised(work)
    )


async def _net_worth(work: Work, day: date) -> NetWorth:
    since = month_of(day) - timedelta(days=1)
    missing: set[str] = set()
    now = await _worth(work, day, missing)
    lacking: set[str] = set()
    before = await _worth(work, since, lacking)
    change = None if missing or lacking else now - before
    return NetWorth(now, work.scope.base_currency, change, since, sorted(missing))


async def _worth(work: Work, day: date, missing: set[str]) -> int:
    base = work.scope.base_currency
    rows = [row for row in await read_balances(work, on=day) if row.kind in HOLDING]
    table = await read_rates(work, currencies={row.currency for row in rows} | {base}, days=[day])
    total = 0
    for row in rows:
        value = table.convert(row.amount_minor, row.currency, base, day) if row.amount_minor else 0
        if value is None:
            missing.add(row.currency)
        else:
            total += value
    return total


async def _month(work: Work, day: date) -> MonthSoFar:
    first = month_of(day)
    before = months_later(first, -1)
    last_before = min(before + (day - first), month_end(before))
    income, spending = await _flows(work, first, day)
    earlier = await _flows(work, before, last_before)
    nothing = earlier == (0, 0)
    return MonthSoFar(
        first,
        before,
        work.scope.base_currency,
        income,
        spending,
        None if nothing else earlier[0],
        None if nothing else earlier[1],
    )


async def _flows(work: Work, first: date, last: date) -> tuple[int, int]:
    """Return income and spending between two days, as positive amounts of the base currency."""
    base = work.scope.base_currency
    rows = await sum_flows(
        work, kinds=[AccountKind.INCOME, AccountKind.EXPENSE], first=first, last=last
    )
    table = await read_rates(work, currencies={row.currency for row in rows} | {base}, days=[last])
    sums = {AccountKind.INCOME.value: 0, AccountKind.EXPENSE.value: 0}
    for row in rows:
        sums[row.kind] += table.convert(row.amount_minor, row.currency, base, last) or 0
    return -sums[AccountKind.INCOME], sums[AccountKind.EXPENSE]
