"""Accounts: every account and category by kind, with balances, ties, and a form to add one."""

from collections import defaultdict
from datetime import date
from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.intake.operations.check_ties import check_ties
from solvent.kernel.clock import local_day
from solvent.kernel.currency import Currency
from solvent.kernel.errors import BadValue, Refusal
from solvent.kernel.money import parse_decimal
from solvent.kernel.period import month_of
from solvent.ledger.domain import AccountKind
from solvent.ledger.operations.open_account import open_account
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.read_balances import read_balances
from solvent.ledger.operations.read_rates import read_rates
from solvent.reporting.operations.report_spending import SpendingReport, report_spending
from solvent.web.page import CurrentReader, PageRoute, Reader, form_of
from solvent.web.strangers import CURRENCIES
from solvent.web.today import tie_of

HOLDING = (AccountKind.ASSET, AccountKind.LIABILITY)
CATEGORIES = (AccountKind.INCOME, AccountKind.EXPENSE)

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/accounts")
async def get_accounts(reader: CurrentReader) -> Response:
    """Show every account and category."""
    return await _page(reader, {}, None)


@router.post("/accounts")
async def post_accounts(request: Request, reader: CurrentReader) -> Response:
    """Add the account that the form states."""
    form = await form_of(request)
    try:
        kind = _kind(form.get("kind", ""))
        currency = Currency.of(form.get("currency", ""))
        await open_account(
            reader.work,
            name=form.get("name", ""),
            kind=kind,
            currency=currency if kind.holds_money else None,
            opening_balance_minor=_opening(form.get("opening", ""), currency),
            opened_on=_day(form.get("opened_on", "")),
        )
    except Refusal as refusal:
        return await _page(reader, form, refusal)
    return reader.to("accounts")


async def _page(reader: Reader, form: dict[str, str], refusal: Refusal | None) -> Response:
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    values = {
        name: form.get(name, "") for name in ("name", "kind", "currency", "opening", "opened_on")
    }
    values["kind"] = values["kind"] or AccountKind.ASSET.value
    values["currency"] = values["currency"] or reader.work.scope.base_currency
    return await reader.page(
        "accounts",
        "accounts",
        status=200 if refusal is None else 422,
        groups=[*await _holding(reader), *await _categories(reader)],
        values=values,
        errors={str(field): message} if field else {},
        problem=None if field else message,
        currencies=sorted({reader.work.scope.base_currency, *CURRENCIES}),
    )


async def _holding(reader: Reader) -> list[dict[str, object]]:
    """Return the accounts that hold money, with their balances and ties."""
    work, base = reader.work, reader.work.scope.base_currency
    day = local_day(work.clock, work.scope.time_zone)
    held: defaultdict[UUID, int] = defaultdict(int)
    for row in await read_balances(work, on=day):
        held[row.account] += row.amount_minor
    accounts = [a for a in await read_accounts(work) if a.kind in HOLDING]
    ties = await check_ties(work)
    table = await read_rates(
        work, currencies={a.currency or base for a in accounts} | {base}, days=[day]
    )
    groups: list[dict[str, object]] = []
    for kind in HOLDING:
        own = [account for account in accounts if account.kind == kind]
        values = [table.convert(held[a.id], a.currency or base, base, day) for a in own]
        known = [value for value in values if value is not None]
        lines = [
            {
                "id": account.id,
                "name": account.name,
                "depth": account.path.count(":"),
                "currency": account.currency or base,
                "amount_minor": held[account.id],
                "opening_minor": 0,
            }
            | tie_of(ties.get(account.id))
            for account in own
        ]
        total = sum(known) if len(known) == len(values) else None
        groups.append(
            {"kind": kind.value, "currency": base, "total_minor": total, "accounts": lines}
        )
    return groups


async def _categories(reader: Reader) -> list[dict[str, object]]:
    """Return the categories, with what each comes to this month."""
    work, base = reader.work, reader.work.scope.base_currency
    today = local_day(work.clock, work.scope.time_zone)
    groups: list[dict[str, object]] = []
    for kind in CATEGORIES:
        report = await report_spending(work, first=month_of(today), last=today, kind=kind)
        sums = _by_category(report)
        lines = [
            {
                "id": account.id,
                "name": account.name,
                "depth": account.path.count(":"),
                "currency": base,
                "amount_minor": sums.get(account.id, 0),
                "opening_minor": 0,
            }
            | tie_of(None)
            for account in await read_accounts(work)
            if account.kind == kind
        ]
        groups.append(
            {
                "kind": kind.value,
                "currency": base,
                "total_minor": sum(sums.values()),
                "accounts": lines,
            }
        )
    return groups


def _by_category(report: SpendingReport) -> dict[UUID, int]:
    return {line.category: sum(line.amounts_minor) for line in report.categories}


def _kind(text: str) -> AccountKind:
    try:
        return AccountKind(text)
    except ValueError as bad:
        raise BadValue("Choose what kind of account it is.", field="kind") from bad


def _opening(text: str, currency: Currency) -> int:
    """Read an amount as a person types it: a comma or a point before the cents."""
    plain = text.replace(" ", "").replace("\N{NO-BREAK SPACE}", "").replace("\N{MINUS SIGN}", "-")
    if "," in plain and "." in plain:
        grouping = "," if plain.rfind(".") > plain.rfind(",") else "."
        plain = plain.replace(grouping, "")
    plain = plain.replace(",", ".")
    if not plain:
        return 0
    try:
        return parse_decimal(plain, currency).minor
    except Refusal as refusal:
        raise BadValue(refusal.message, field="opening") from refusal


def _day(text: str) -> date | None:
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError as bad:
        raise BadValue("This is not a day.", field="opened_on") from bad
