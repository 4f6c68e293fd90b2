"""Where the link of an invitation leads: who invites to what, and accept or decline.

The link's secret goes into a cookie at once, and the browser on to an address without it: so it
stands in no history, and outlasts the log-in or the sign-up that may have to come first.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from solvent.households.domain import InvitationGone, Invited
from solvent.households.operations.answer_invitation import answer_invitation, show_invitation
from solvent.identity.operations.read_person import read_person
from solvent.kernel.errors import Refusal
from solvent.runtime.edge.credentials import is_private
from solvent.runtime.edge.facilities import CurrentFacilities, Facilities
from solvent.runtime.edge.problems import STATUSES
from solvent.runtime.scope import NotLoggedIn
from solvent.web.page import (
    SEE_OTHER,
    CurrentReader,
    PageRoute,
    StrangerRoute,
    csrf_token,
    form_of,
    render,
    set_cookie,
    spoken,
    stranger_shell,
    theme,
)
from solvent.web.rendering import Shell

COOKIE = "__Host-solvent-join"
OPEN_COOKIE = "solvent-join"
"""Its name where an open network lets no protected one be set."""
KEPT_S = 24 * 3600
PATH = "/join"

router = APIRouter(route_class=StrangerRoute, include_in_schema=False)
answers = APIRouter(route_class=PageRoute, include_in_schema=False)


@router.get("/join")
async def get_join(
    request: Request, its: CurrentFacilities, token: Annotated[str, Query(max_length=200)] = ""
) -> Response:
    """Put the link's secret away, then show what it offers."""
    if token:
        answer = RedirectResponse(PATH, SEE_OTHER, {"cache-control": "no-store"})
        set_cookie(request, answer, _cookie(request), token, max_age=KEPT_S)
        return answer
    try:
        return await _offer(request, its)
    except InvitationGone as gone:
        return _page(request, None, person=None, refusal=gone)


@answers.post("/join")
async def post_join(request: Request, reader: CurrentReader) -> Response:
    """Accept or decline for whoever is logged in."""
    accept = (await form_of(request)).get("do") == "accept"
    token = _token(request)
    person = (await read_person(reader.work)).name
    invited: Invited | None = None
    try:
        invited = await show_invitation(reader.work, token=token)
        household = await answer_invitation(reader.work, token=token, accept=accept)
    except Refusal as refusal:
        return _page(request, invited, person=person, refusal=refusal)
    answer = RedirectResponse(f"/h/{household}/today" if accept else "/", SEE_OTHER)
    set_cookie(request, answer, _cookie(request), "", max_age=0)
    return answer


async def _offer(request: Request, its: Facilities) -> Response:
    """Show the invitation to whoever is logged in, or to a stranger who holds its link."""
    token = _token(request)
    try:
        credential = its.tokens.credential(request)
        async with its.works.for_session(credential, None, cause="page") as work:
            invited = await show_invitation(work, token=token)
            return _page(request, invited, person=(await read_person(work)).name)
    except NotLoggedIn:
        async with its.works.for_nobody(cause="page") as work:
            return _page(request, await show_invitation(work, token=token), person=None)


def _page(
    request: Request, invited: Invited | None, *, person: str | None, refusal: Refusal | None = None
) -> Response:
    shell = stranger_shell(request)
    if person is not None:
        shell = Shell(csrf_token=csrf_token(request), theme=theme(request))
    return render(
        request,
        "join",
        status=200 if refusal is None else STATUSES.get(refusal.code, 400),
        locale=spoken(request),
        shell=shell,
        invited=invited,
        person=person,
        problem=None if refusal is None else refusal.message,
    )


def _token(request: Request) -> str:
    return request.cookies.get(_cookie(request), "")


def _cookie(request: Request) -> str:
    return COOKIE if is_private(request) else OPEN_COOKIE
