"""The operators' pages: counts, people, households, security events, failed jobs; nothing of the books."""

from collections.abc import Sequence
from http import HTTPStatus
from urllib.parse import urlencode

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from solvent.identity.operations.read_person import read_person
from solvent.kernel.errors import NotFound
from solvent.oversight.api import STATES, PersonState
from solvent.oversight.domain import SEQ_LAST, KnownEvent
from solvent.oversight.operations.admit_operator import admit_operator
from solvent.oversight.operations.disable_person import disable_person
from solvent.oversight.operations.requeue_job import requeue_job
from solvent.runtime.edge.facilities import facilities
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Network
from solvent.web.asked import asked_id, asked_number
from solvent.web.page import (
    SEE_OTHER,
    CurrentReader,
    PageRoute,
    Reader,
    csrf_token,
    form_of,
    render,
    theme,
)
from solvent.web.rendering import Shell

PAGE_LINES = 50
NEWEST_ALERTS = 5
SEARCH_CHARS_MAX = 200

router = APIRouter(prefix="/operator", route_class=PageRoute, include_in_schema=False)


@router.get("")
async def get_overview(reader: CurrentReader) -> Response:
    """Show how much there is of everything, and the newest alerts."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="overview")
    alerts = await installation.events(
        kind=SecurityKind.ALERT_RAISED.value, person=None, before=SEQ_LAST, limit=NEWEST_ALERTS
    )
    counts = await installation.overview()
    return await _page(reader, "overview", counts=counts, events=_shown(alerts))


@router.get("/people")
async def get_people(request: Request, reader: CurrentReader) -> Response:
    """Show who can log in, newest first."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="people")
    search = request.query_params.get("search", "")[:SEARCH_CHARS_MAX]
    before = asked_id(request.query_params.get("before"))
    people = await installation.people(search=search.strip(), before=before, limit=PAGE_LINES)
    return await _page(
        reader,
        "people",
        people=people,
        reader_id=reader.work.person,
        search=search,
        older=people[-1].id if len(people) == PAGE_LINES else None,
    )


@router.post("/people")
async def post_people(request: Request, reader: CurrentReader) -> Response:
    """Disable somebody, enable them, or end their log-ins, as the form says."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="people")
    form = await form_of(request)
    person, do = asked_id(form.get("person")), form.get("do", "")
    if person is None or do not in STATES:
        raise NotFound("person")
    await disable_person(reader.work, installation, person=person, disabled=STATES[PersonState(do)])
    search = urlencode({"search": form.get("search", "")})
    return RedirectResponse(f"/operator/people?{search}", SEE_OTHER)


@router.get("/households")
async def get_households(request: Request, reader: CurrentReader) -> Response:
    """Show which households there are, newest first."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="households")
    before = asked_id(request.query_params.get("before"))
    households = await installation.households(before=before, limit=PAGE_LINES)
    older = households[-1].id if len(households) == PAGE_LINES else None
    return await _page(reader, "households", households=households, older=older)


@router.get("/events")
async def get_events(request: Request, reader: CurrentReader) -> Response:
    """Show security events and alerts, newest first."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="events")
    asked = request.query_params
    kind, person = asked.get("kind", ""), asked_id(asked.get("person"))
    events = await installation.events(
        kind=kind or None,
        person=person,
        before=asked_number(asked.get("before")),
        limit=PAGE_LINES,
    )
    return await _page(
        reader,
        "events",
        events=_shown(events),
        kinds=sorted(each.value for each in SecurityKind),
        kind=kind,
        person=person,
        older=events[-1].seq if len(events) == PAGE_LINES else None,
    )


@router.get("/jobs")
async def get_jobs(request: Request, reader: CurrentReader) -> Response:
    """Show the jobs that were given up, oldest first."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="jobs")
    after = asked_number(request.query_params.get("after"), otherwise=0)
    jobs = await installation.failed_jobs(after=after, limit=PAGE_LINES)
    newer = jobs[-1].id if len(jobs) == PAGE_LINES else None
    return await _page(reader, "jobs", jobs=jobs, newer=newer)


@router.post("/jobs")
async def post_jobs(request: Request, reader: CurrentReader) -> Response:
    """Have a job tried again."""
    installation = await admit_operator(reader.work, networks=_networks(reader), page="jobs")
    form = await form_of(request)
    await requeue_job(reader.work, installation, job=asked_number(form.get("job"), otherwise=0))
    return RedirectResponse("/operator/jobs", SEE_OTHER)


def _networks(reader: Reader) -> Sequence[Network]:
    return facilities(reader.request).settings.audit.operator_networks


async def _page(reader: Reader, place: str, **context: object) -> Response:
    """Answer with one of the pages, in the frame that they share."""
    person = await read_person(reader.work)
    shell = Shell(
        csrf_token=csrf_token(reader.request),
        place=place,
        person=person.name,
        theme=theme(reader.request),
        operator=True,
    )
    return render(
        reader.request,
        f"operator_{place}",
        status=HTTPStatus.OK,
        locale=reader.work.scope.locale,
        shell=shell,
        **context,
    )


def _shown(events: list[KnownEvent]) -> list[dict[str, object]]:
    """Return events as a table shows them."""
    return [
        {
            "at": event.at,
            "kind": event.kind,
            "pattern": msgspec.json.decode(event.facts).get("pattern", ""),
            "person": event.person,
            "email": event.email,
            "actor": event.actor,
            "network": event.network,
            "agent": event.agent,
        }
        for event in events
    ]
