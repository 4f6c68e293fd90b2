"""Oversight over HTTP: a household's audit trail, its export, and one's own activity."""

from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Query
from starlette.responses import Response

from solvent.oversight.domain import PAGE_RECORDS_MAX, SEQ_LAST, Activity, TrailFilter, TrailRecord
from solvent.oversight.operations.export_trail import export_trail
from solvent.oversight.operations.list_activity import list_activity
from solvent.oversight.operations.read_trail import read_trail
from solvent.oversight.operations.write_trail import trail_as_csv, trail_as_lines
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.fields import Day, Line
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute

declare({"oversight.export_refused": 403})

router = APIRouter(
    prefix="/api/v1/households/{household}/audit", tags=["audit"], route_class=HouseholdRoute
)
own_router = APIRouter(prefix="/api/v1/me", tags=["audit"], route_class=HouseholdRoute)

EARLIEST = date(1970, 1, 1)
LATEST = date(9000, 1, 1)

Limit = Annotated[int, Query(ge=1, le=PAGE_RECORDS_MAX)]
Before = Annotated[int, Query(alias="cursor", ge=1, le=SEQ_LAST)]


class ExportFormat(StrEnum):
    """How an exported trail is written."""

    CSV = "csv"
    JSONL = "jsonl"


@router.get("", response_model=None, responses=problems(401, 404, 422))
async def get_audit(  # noqa: PLR0917 - one parameter for each that the trail is narrowed by
    work: CurrentWork,
    person: UUID | None = None,
    kind: Annotated[Line | None, Query(max_length=100)] = None,
    subject: UUID | None = None,
    first: Annotated[Day | None, Query(alias="from")] = None,
    last: Annotated[Day | None, Query(alias="to")] = None,
    cursor: Before = SEQ_LAST,
    limit: Limit = 100,
) -> Response:
    """Read what was done to the household, newest first; ``to`` is the last day that counts."""
    zone = work.scope.time_zone
    wanted = TrailFilter(person, kind, subject, day_begin(first, zone), day_end(last, zone))
    records = await read_trail(work, wanted=wanted, before=cursor, limit=limit)
    following = str(records[-1].seq) if len(records) == limit else None
    items = [_unfolded(record, "before", "after") for record in records]
    return json_answer({"items": items, "next_cursor": following})


@router.get("/export", response_model=None, responses=problems(401, 403, 404, 422))
async def get_audit_export(
    work: CurrentWork,
    form: Annotated[ExportFormat, Query(alias="format")] = ExportFormat.JSONL,
    since: Annotated[int, Query(ge=0, le=SEQ_LAST)] = 0,
) -> Response:
    """Export the journal, oldest first, with what its hashes are made of; the next begins after its last."""
    records = await export_trail(work, since=since)
    name = f"audit-trail-{since + 1}.{form.value}"
    headers = NO_STORE | {"content-disposition": f'attachment; filename="{name}"'}
    if form is ExportFormat.CSV:
        return Response(trail_as_csv(records), headers=headers, media_type="text/csv")
    return Response(trail_as_lines(records), headers=headers, media_type="application/x-ndjson")


@own_router.get("/activity", response_model=None, responses=problems(401, 422))
async def get_activity(
    work: CurrentWork, cursor: Before = SEQ_LAST, limit: Limit = 100
) -> Response:
    """Read what happened to one's own ways in, newest first."""
    events = await list_activity(work, before=cursor, limit=limit)
    following = str(events[-1].seq) if len(events) == limit else None
    items = [_unfolded(event, "facts") for event in events]
    return json_answer({"items": items, "next_cursor": following}, headers=NO_STORE)


def _unfolded(record: TrailRecord | Activity, *texts: str) -> dict[str, object]:
    """Return a record whose JSON texts stand in the answer as what they say."""
    told: dict[str, object] = asdict(record)
    for name in texts:
        text = told[name]
        told[name] = msgspec.Raw(text.encode()) if isinstance(text, str) else None
    return told


def day_begin(day: date | None, zone: str) -> datetime | None:
    """Return the instant at which ``day`` begins in ``zone``; days beyond those of records are cut."""
    if day is None:
        return None
    return datetime.combine(min(max(day, EARLIEST), LATEST), time(), ZoneInfo(zone))


def day_end(day: date | None, zone: str) -> datetime | None:
    """Return the instant at which ``day`` has ended in ``zone``."""
    return None if day is None else day_begin(min(day, LATEST) + timedelta(days=1), zone)
