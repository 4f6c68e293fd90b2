"""``solvent balances``: what accounts hold on a day, or at the end of each month."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.entrypoints.cli.options import DataDir, HouseholdName
from solvent.entrypoints.databases import database_at, place, run
from solvent.entrypoints.households import household_called, works_at
from solvent.kernel.clock import local_day
from solvent.kernel.currency import Currency
from solvent.kernel.money import decimal_text
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.read_balances import read_balances
from solvent.reporting.operations.report_net_worth import NetWorthReport, report_net_worth
from solvent.runtime.database import DatabaseAddress


@dataclass(frozen=True, slots=True)
class Balance:
    """What one account holds in one currency."""

    account: UUID
    name: str
    kind: str
    currency: str
    amount_minor: int


def balances(
    *,
    household: HouseholdName,
    on: date | None = None,
    by_month: bool = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> int:
    """Show what accounts hold, in minor units of their currencies.

    Parameters
    ----------
    on
        The day at whose end they are looked at; today unless told.
    by_month
        Show them at the end of each month instead, with the net worth.
    """
    with database_at(place(data_dir)) as address:
        if by_month:
            report = run(_by_month(address, household, on))
            show(report, _table(report), as_json=as_json)
        else:
            found = run(_on_day(address, household, on))
            show(found, map(_line, found), as_json=as_json)
    return DONE


async def _on_day(address: DatabaseAddress, household: str, on: date | None) -> list[Balance]:
    id_ = await household_called(address, household)
    async with works_at(address) as works, works.for_machine(id_, cause="balances") as work:
        day = on or local_day(work.clock, work.scope.time_zone)
        names = {account.id: account.path for account in await read_accounts(work)}
        return [
            Balance(row.account, names[row.account], row.kind, row.currency, row.amount_minor)
            for row in await read_balances(work, on=day)
        ]


async def _by_month(address: DatabaseAddress, household: str, on: date | None) -> NetWorthReport:
    id_ = await household_called(address, household)
    async with works_at(address) as works, works.for_machine(id_, cause="balances") as work:
        return await report_net_worth(work, last=on)


def _line(row: Balance) -> str:
    return f"{row.kind:<10} {_amount(row.amount_minor, row.currency):>20}  {row.name}"


def _table(report: NetWorthReport) -> Iterator[str]:
    """Lay the months out as lines, for there may be many."""
    for place_, month in enumerate(report.months):
        worth = report.net_worth_minor[place_]
        yield f"{month}  net worth {'unknown' if worth is None else _amount(worth, report.currency)}"
        for account in report.accounts:
            held = _amount(account.balances_minor[place_], account.currency)
            yield f"  {held:>20}  {account.name}"


def _amount(minor: int, currency: str) -> str:
    return f"{decimal_text(minor, Currency.of(currency).digits)} {currency}"
