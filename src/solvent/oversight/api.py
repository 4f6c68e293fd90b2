"""Oversight over HTTP: a household's audit trail, one's own activity, and what operators see."""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

import msgspec
from fastapi import APIRouter, Query
from pydantic import BaseModel
from starlette.responses import Response

from solvent.oversight.domain import (
    PAGE_RECORDS_MAX,
    SEQ_LAST,
    Activity,
    KnownEvent,
    TrailFilter,
    TrailRecord,
)
from solvent.oversight.operations.admit_operator import admit_operator
from solvent.oversight.operations.disable_person import disable_person
from solvent.oversight.operations.export_trail import export_trail
from solvent.oversight.operations.list_activity import list_activity
from solvent.oversight.operations.read_trail import read_trail
from solvent.oversight.operations.write_trail import trail_as_csv, trail_as_lines
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import files, problems
from solvent.runtime.edge.facilities import CurrentFacilities, Facilities
from solvent.runtime.edge.fields import Day, Line
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute
from solvent.runtime.settingvalues import Network

declare({"oversight.export_refused": 403})

router = APIRouter(
    prefix="/api/v1/households/{household}/audit", tags=["audit"], route_class=HouseholdRoute
)
own_router = APIRouter(prefix="/api/v1/me", tags=["audit"], route_class=HouseholdRoute)

operator_router = APIRouter(
    prefix="/api/v1/operator", tags=["operator"], route_class=HouseholdRoute
)

CSV = "text/csv"
LINES = "application/x-ndjson"
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


@router.get(
    "/export",
    response_class=Response,
    responses=files(CSV, LINES) | problems(401, 403, 404, 422),
)
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
        return Response(trail_as_csv(records), headers=headers, media_type=CSV)
    return Response(trail_as_lines(records), headers=headers, media_type=LINES)


@own_router.get("/activity", response_model=None, responses=problems(401, 422))
async def get_activity(
    work: CurrentWork, cursor: Before = SEQ_LAST, limit: Limit = 100
) -> Response:
    """Read what happened to one's own ways in, newest first."""
    events = await list_activity(work, before=cursor, limit=limit)
    following = str(events[-1].seq) if len(events) == limit else None
    items = [_unfolded(event, "facts") for event in events]
    return json_answer({"items": items, "next_cursor": following}, headers=NO_STORE)


class PersonState(StrEnum):
    """What an operator does to a person: shut out, let in, or only log out everywhere."""

    DISABLED = "disabled"
    ENABLED = "enabled"
    LOGGED_OUT = "logged_out"


STATES = {PersonState.DISABLED: True, PersonState.ENABLED: False, PersonState.LOGGED_OUT: None}


class StateBody(BaseModel):
    """The state that a person is put into."""

    state: PersonState


@operator_router.get("/people", response_model=None, responses=problems(401, 404, 422))
async def get_people(
    work: CurrentWork,
    its: CurrentFacilities,
    search: Annotated[Line, Query(max_length=200)] = "",
    cursor: UUID | None = None,
    limit: Limit = 100,
) -> Response:
    """List the people of this installation, newest first."""
    installation = await admit_operator(work, networks=_networks(its), page="people")
    people = await installation.people(search=search, before=cursor, limit=limit)
    following = str(people[-1].id) if len(people) == limit else None
    return json_answer({"items": people, "next_cursor": following}, headers=NO_STORE)


@operator_router.put("/people/{person}/state", status_code=204, responses=problems(401, 404, 422))
async def put_state(
    person: UUID, body: StateBody, work: CurrentWork, its: CurrentFacilities
) -> Response:
    """Disable a person, enable them, or end all their log-ins."""
    installation = await admit_operator(work, networks=_networks(its), page="people")
    await disable_person(work, installation, person=person, disabled=STATES[body.state])
    return Response(status_code=204)


@operator_router.get("/households", response_model=None, responses=problems(401, 404, 422))
async def get_households(
    work: CurrentWork, its: CurrentFacilities, cursor: UUID | None = None, limit: Limit = 100
) -> Response:
    """List the households of this installation, newest first, and nothing of what they hold."""
    installation = await admit_operator(work, networks=_networks(its), page="households")
    households = await installation.households(before=cursor, limit=limit)
    following = str(households[-1].id) if len(households) == limit else None
    return json_answer({"items": households, "next_cursor": following}, headers=NO_STORE)


@operator_router.get("/events", response_model=None, responses=problems(401, 404, 422))
async def get_events(  # noqa: PLR0917 - one parameter for each that the list is narrowed by
    work: CurrentWork,
    its: CurrentFacilities,
    kind: Annotated[Line | None, Query(max_length=100)] = None,
    person: UUID | None = None,
    cursor: Before = SEQ_LAST,
    limit: Limit = 100,
) -> Response:
    """List security events and alerts of this installation, newest first."""
    installation = await admit_operator(work, networks=_networks(its), page="events")
    events = await installation.events(kind=kind, person=person, before=cursor, limit=limit)
    following = str(events[-1].seq) if len(events) == limit else None
    items = [_unfolded(event, "facts") for event in events]
    return json_answer({"items": items, "next_cursor": following}, headers=NO_STORE)


def _networks(its: Facilities) -> Sequence[Network]:
    return its.settings.audit.operator_networks


def _unfolded(record: TrailRecord | Activity | KnownEvent, *texts: str) -> dict[str, object]:
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
