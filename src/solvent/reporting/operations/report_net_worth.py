"""Net worth at the end of each month, and the balance of each account behind it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from itertools import accumulate
from operator import add
from uuid import UUID

from solvent.ledger.domain import AccountKind
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.read_months import read_before, read_months
from solvent.ledger.operations.read_rates import read_rates
from solvent.reporting.operations.report_spending import (
    asked_months,
    names_of,
    valuation_days,
)
from solvent.runtime.work import Work

KINDS = (AccountKind.ASSET, AccountKind.LIABILITY)


@dataclass(frozen=True, slots=True)
class AccountBalances:
    """One account's balance at the end of each month, in its own currency."""

    account: UUID
    name: str
    kind: str
    currency: str
    balances_minor: list[int]


@dataclass(frozen=True, slots=True)
class NetWorthReport:
    """Assets less liabilities in the household's currency; None where a rate is missing."""

    months: list[str]
    currency: str
    accounts: list[AccountBalances]
    net_worth_minor: list[int | None]
    missing_rates: list[str]


async def report_net_worth(
    work: Work, *, first: date | None = None, last: date | None = None
) -> NetWorthReport:
    """Return balances at the ends of the months from that of ``first`` to that of ``last``."""
    base = work.scope.base_currency
    months = await asked_months(work, first, last)
    if not months:
        return NetWorthReport([], base, [], [], [])
    accounts = await _balances(work, months)
    valued_on = valuation_days(work, months)
    days = [valued_on[month] for month in months]
    table = await read_rates(work, currencies={a.currency for a in accounts} | {base}, days=days)
    totals: list[int | None] = [0] * len(months)
    missing: set[str] = set()
    for currency, held in _by_currency(accounts).items():
        for place, day in enumerate(days):
            value = table.convert(held[place], currency, base, day) if held[place] else 0
            total = totals[place]
            if value is None:
                missing.add(f"{currency} {months[place]:%Y-%m}")
            totals[place] = None if total is None or value is None else total + value
    return NetWorthReport(names_of(months), base, accounts, totals, sorted(missing))


def _by_currency(accounts: list[AccountBalances]) -> dict[str, list[int]]:
    """Return the sum of the balances in each currency, a value for each month."""
    sums: dict[str, list[int]] = {}
    for account in accounts:
        known = sums.get(account.currency)
        own = account.balances_minor
        sums[account.currency] = own if known is None else [*map(add, known, own)]
    return sums


async def _balances(work: Work, months: list[date]) -> list[AccountBalances]:
    """Return each account's running balance: what it held before, and what each month moved."""
    places = {month: place for place, month in enumerate(months)}
    moved: defaultdict[tuple[UUID, str], list[int]] = defaultdict(lambda: [0] * len(months))
    for row in await read_before(work, kinds=KINDS, month=months[0]):
        moved[row.account, row.currency][0] += row.amount_minor
    for line in await read_months(work, kinds=KINDS, first=months[0], last=months[-1]):
        own = moved[line.account, line.currency]
        for month, minor in zip(line.months, line.amounts_minor, strict=True):
            own[places[month]] += minor
    tree = {account.id: account for account in await read_accounts(work)}
    lines = [
        AccountBalances(
            account, tree[account].path, tree[account].kind, currency, list(accumulate(moves))
        )
        for (account, currency), moves in moved.items()
    ]
    return sorted(lines, key=lambda line: (line.kind, line.name, line.currency))
