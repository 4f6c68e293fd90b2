"""What happened: the household's audit trail, and the reader's own security activity."""

from collections.abc import Iterator, Sequence
from typing import Any, cast
from uuid import UUID

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.ledger.domain import AccountRow
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.oversight.api import day_begin, day_end
from solvent.oversight.domain import TrailFilter, TrailRecord
from solvent.oversight.operations.list_activity import list_activity
from solvent.oversight.operations.read_trail import read_trail, read_trail_terms
from solvent.web import formats
from solvent.web.asked import asked_day, asked_id, asked_number
from solvent.web.page import CurrentReader, PageRoute, Reader

PAGE_RECORDS = 50
DETAILS_SHOWN_MAX = 12
DETAIL_CHARS_MAX = 200
NONE = "\N{EN DASH}"
MINOR = "_minor"

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/household/audit")
async def get_audit(request: Request, reader: CurrentReader) -> Response:
    """Show what was done to the household, newest first."""
    asked = request.query_params
    zone = reader.work.scope.time_zone
    first, last = asked_day(asked.get("from")), asked_day(asked.get("to"))
    wanted = TrailFilter(
        asked_id(asked.get("person")),
        asked.get("kind") or None,
        asked_id(asked.get("subject")),
        day_begin(first, zone),
        day_end(last, zone),
    )
    before = asked_number(asked.get("before"))
    records = await read_trail(reader.work, wanted=wanted, before=before, limit=PAGE_RECORDS)
    kinds, people = await read_trail_terms(reader.work)
    words = _Words(reader, await read_accounts(reader.work))
    return await reader.page(
        "audit",
        "settings",
        records=[_shown(record, words) for record in records],
        kinds=kinds,
        people=people,
        values={"from": first or "", "to": last or ""}
        | {name: asked.get(name, "") for name in ("person", "kind", "subject")},
        older=records[-1].seq if len(records) == PAGE_RECORDS else None,
    )


@router.get("/settings/activity")
async def get_activity(request: Request, reader: CurrentReader) -> Response:
    """Show the reader's log-ins, failures and changes of their ways in."""
    before = asked_number(request.query_params.get("before"))
    events = await list_activity(reader.work, before=before, limit=PAGE_RECORDS)
    return await reader.page(
        "activity",
        "settings",
        events=[
            {
                "at": event.at,
                "kind": event.kind,
                "pattern": msgspec.json.decode(event.facts).get("pattern", ""),
                "network": event.network,
                "agent": event.agent,
                "current": event.session is not None and event.session == reader.work.scope.session,
            }
            for event in events
        ],
        older=events[-1].seq if len(events) == PAGE_RECORDS else None,
    )


class _Words:
    """Says values of records as the reader would: accounts by name, amounts with their currency."""

    def __init__(self, reader: Reader, accounts: Sequence[AccountRow]) -> None:
        self._locale = reader.work.scope.locale
        self._accounts = {str(account.id): account.name for account in accounts}
        self._currencies = {account.id: account.currency for account in accounts}

    def fact(self, name: str, value: Any, subject: UUID | None) -> str:
        """Return a fact about ``subject`` as text; whole minor units are in its own currency."""
        currency = None if subject is None else self._currencies.get(subject)
        if name.endswith(MINOR) and isinstance(value, int) and currency is not None:
            return self._money(value, currency)
        return self.said(value)

    def said(self, value: Any) -> str:
        """Return one value as text."""
        if isinstance(value, dict):
            return self._facts(cast("dict[str, Any]", value))
        if isinstance(value, list):
            return self._listed(cast("Sequence[Any]", value))
        if value is None:
            return NONE
        return self._accounts.get(str(value), str(value))[:DETAIL_CHARS_MAX]

    def _listed(self, values: Sequence[Any]) -> str:
        match values:
            case [str() as account, int() as minor, str() as currency, int()]:  # a posting
                return f"{self.said(account)} {self._money(minor, currency)}"
            case _:
                return " · ".join(map(self.said, values))

    def _facts(self, facts: dict[str, Any]) -> str:
        minor, currency = facts.get("amount_minor"), facts.get("currency")
        if isinstance(minor, int) and isinstance(currency, str):
            return f"{self.said(facts.get('account'))} {self._money(minor, currency)}"
        return ", ".join(f"{name}: {self.said(value)}" for name, value in facts.items())

    def _money(self, minor: int, currency: str) -> str:
        return formats.money(minor, currency, locale=self._locale)


def _shown(record: TrailRecord, words: _Words) -> dict[str, object]:
    """Return a record as the page's table shows it."""
    return {
        "seq": record.seq,
        "at": record.at,
        "kind": record.kind,
        "who": record.person or record.actor or "",
        "subject": record.subject,
        "details": list(_details(record, words)),
    }


def _details(record: TrailRecord, words: _Words) -> Iterator[dict[str, str | None]]:
    """Yield what is different, by name: how it was, and how it is."""
    before, after = _decoded(record.before), _decoded(record.after)
    names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
    for name in names[:DETAILS_SHOWN_MAX]:
        yield {
            "name": name.removesuffix(MINOR).replace("_", " "),
            "before": words.fact(name, before[name], record.subject) if name in before else None,
            "after": words.fact(name, after[name], record.subject) if name in after else None,
        }


def _decoded(text: str | None) -> dict[str, Any]:
    return {} if text is None else msgspec.json.decode(text, type=dict[str, Any])
