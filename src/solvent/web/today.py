"""Today: where the household stands."""

from collections import defaultdict
from collections.abc import Mapping
from uuid import UUID

from fastapi import APIRouter
from starlette.responses import Response

from solvent.intake.domain import ImportState
from solvent.intake.operations.check_ties import Tie, check_ties
from solvent.intake.operations.list_imports import ImportView, list_imports
from solvent.ledger.domain import AccountKind
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.read_balances import read_balances
from solvent.ledger.operations.read_rates import read_rates
from solvent.reporting.operations.report_today import TodayReport, report_today
from solvent.web.page import CurrentReader, PageRoute, Reader

HOLDING = (AccountKind.ASSET, AccountKind.LIABILITY)
IMPORTS_LOOKED_AT = 20

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/today")
async def get_today(reader: CurrentReader) -> Response:
    """Show where the household stands; an empty one is shown how to begin."""
    work = reader.work
    report = await report_today(work)
    ties = await check_ties(work)
    groups = await account_groups(reader, report, ties)
    return await reader.page(
        "today",
        "today",
        day=report.day,
        empty=not any(group["accounts"] for group in groups),
        net_worth=report.net_worth,
        month=report.month,
        groups=groups,
        needs_category=report.needs_category,
        last_import=_last_import(await list_imports(work, limit=IMPORTS_LOOKED_AT), ties),
    )


async def account_groups(
    reader: Reader, report: TodayReport, ties: Mapping[UUID, Tie]
) -> list[dict[str, object]]:
    """Return the accounts that hold money by kind, each with its balance and its tie."""
    work, base = reader.work, reader.work.scope.base_currency
    held: defaultdict[UUID, int] = defaultdict(int)
    for row in await read_balances(work, on=report.day):
        held[row.account] += row.amount_minor
    accounts = [a for a in await read_accounts(work) if a.kind in HOLDING and not a.closed_on]
    currencies = {account.currency or base for account in accounts}
    table = await read_rates(work, currencies=currencies | {base}, days=[report.day])
    groups: list[dict[str, object]] = []
    for kind in HOLDING:
        own = [account for account in accounts if account.kind == kind]
        values = [table.convert(held[a.id], a.currency or base, base, report.day) for a in own]
        lines = [
            {
                "id": account.id,
                "name": account.path,
                "currency": account.currency or base,
                "amount_minor": held[account.id],
            }
            | tie_of(ties.get(account.id))
            for account in own
        ]
        known = [value for value in values if value is not None]
        total = sum(known) if len(known) == len(values) else None
        if own:
            groups.append(
                {"kind": kind.value, "currency": base, "total_minor": total, "accounts": lines}
            )
    return groups


def tie_of(tie: Tie | None) -> dict[str, object]:
    """Return what a badge shows of an account's tie to its bank."""
    if tie is None:
        return {"ties": None, "tied_on": None, "gap_minor": 0}
    return {
        "ties": "tied" if tie.ties else "gap",
        "tied_on": tie.on,
        "gap_minor": tie.gap_minor,
    }


def _last_import(views: list[ImportView], ties: Mapping[UUID, Tie]) -> dict[str, object] | None:
    """Return the newest import that is in the books, as its card shows it."""
    view = next((v for v in views if v.answer.state == ImportState.COMMITTED), None)
    if view is None:
        return None
    summary = view.answer.summary
    first = summary.accounts[0] if summary.accounts else None
    return {
        "id": view.answer.id,
        "name": view.answer.name,
        "at": view.created_at,
        "added": sum(account.added for account in summary.accounts),
        "matched": sum(account.matched for account in summary.accounts),
        "rejected": summary.rejected_count,
        "currency": first.currency if first else "",
    } | tie_of(ties.get(first.account) if first and first.account else None)
