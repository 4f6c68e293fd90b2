"""Transactions: the grid, and the filter above it."""

from collections.abc import Mapping
from datetime import date
from urllib.parse import urlencode
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.kernel.currency import DIGITS
from solvent.ledger.domain import AccountKind, TransactionState
from solvent.ledger.operations.list_transactions import Asked, list_transactions
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.web.page import CurrentReader, PageRoute

FIELDS = ("account", "category", "payee", "text", "from", "to", "min", "max", "state")
WITHOUT_CATEGORY = "none"
FIRST_PAGE = 100
VALUE_CHARS_MAX = 200

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/transactions")
async def get_transactions(request: Request, reader: CurrentReader) -> Response:
    """Show the newest transactions that the filter lets through."""
    work = reader.work
    wanted = {name: request.query_params.get(name, "").strip()[:VALUE_CHARS_MAX] for name in FIELDS}
    digits = DIGITS.get(work.scope.base_currency, 2)
    asked, query = read_filter(wanted, digits)
    accounts = await read_accounts(work)
    names = {str(account.id): account.path for account in accounts}
    page = await list_transactions(work, asked=asked, limit=FIRST_PAGE)
    return await reader.page(
        "transactions",
        "transactions",
        filter=wanted,
        tokens=_tokens(wanted, names),
        query=urlencode(query),
        accounts=[
            {"id": str(a.id), "name": a.path} for a in accounts if AccountKind(a.kind).holds_money
        ],
        categories=[
            {"id": str(a.id), "name": a.path, "kind": a.kind}
            for a in accounts
            if not AccountKind(a.kind).holds_money and a.role is None
        ],
        uncategorised=[
            str(a.id) for a in accounts if a.role is not None and a.role.startswith("uncategorised")
        ],
        first_page=msgspec.json.decode(page),
    )


def read_filter(wanted: Mapping[str, str], digits: int) -> tuple[Asked, dict[str, str]]:
    """Return what is asked and the same as the API's query; what cannot be read is left out."""
    query = _query(wanted, digits)
    first, last = _day(query.get("from", "")), _day(query.get("to", ""))
    if first and last and last < first:
        first, last = last, first
        query |= {"from": str(first), "to": str(last)}
    asked = Asked(
        account=_uuid(query.get("account", "")),
        category=_uuid(query.get("category", "")),
        payee=query.get("payee"),
        text=query.get("text"),
        first=first,
        last=last,
        min_minor=int(query["min_minor"]) if "min_minor" in query else None,
        max_minor=int(query["max_minor"]) if "max_minor" in query else None,
        state=query.get("state"),
        uncategorised="uncategorised" in query,
    )
    return asked, query


def _query(wanted: Mapping[str, str], digits: int) -> dict[str, str]:
    """Return the parts of the filter that can be read, as the API names them."""
    minors = {name: _minor(wanted[name], digits) for name in ("min", "max")}
    readable = {
        "account": _uuid(wanted["account"]) is not None,
        "category": _uuid(wanted["category"]) is not None,
        "payee": bool(wanted["payee"]),
        "text": bool(wanted["text"]),
        "from": _day(wanted["from"]) is not None,
        "to": _day(wanted["to"]) is not None,
        "state": wanted["state"] in set(TransactionState),
    }
    query = {name: wanted[name] for name, fits in readable.items() if fits}
    query |= {f"{name}_minor": str(minor) for name, minor in minors.items() if minor is not None}
    if wanted["category"] == WITHOUT_CATEGORY:
        query["uncategorised"] = "true"
    return query


def _tokens(wanted: Mapping[str, str], names: Mapping[str, str]) -> list[dict[str, str]]:
    """Return each part of the filter in words, with the query of the page without it."""
    return [
        {
            "name": name,
            "words": names.get(wanted[name], wanted[name]),
            "without": urlencode({n: v for n, v in wanted.items() if v and n != name}),
        }
        for name in FIELDS
        if wanted[name]
    ]


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _minor(text: str, digits: int) -> int | None:
    """Read an amount as typed, with a comma or a point; None for anything else."""
    whole, _, part = text.replace(",", ".").replace(" ", "").partition(".")
    plain = (whole + part).isascii() and (whole + part).isdigit() and len(whole + part) < 16  # noqa: PLR2004 - 64 bits
    if not plain or len(part) > digits:
        return None
    return int(whole + part.ljust(digits, "0"))
