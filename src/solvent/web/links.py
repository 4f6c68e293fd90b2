"""Where the links of letters lead, and the way to a new password; for whoever is not logged in.

A link opens a page with one button: what fetches links to look for harm spends none of them.
"""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from solvent.identity.edge import CurrentLetters
from solvent.identity.operations.change_address import confirm_address
from solvent.identity.operations.reset_password import ask_reset, reset_password
from solvent.identity.operations.verify_address import verify_address
from solvent.kernel.errors import Refusal
from solvent.runtime.edge.facilities import CurrentFacilities, client_address
from solvent.runtime.edge.problems import STATUSES
from solvent.web.page import SEE_OTHER, StrangerRoute, form_of, render, spoken, stranger_shell

router = APIRouter(route_class=StrangerRoute, include_in_schema=False)

Token = Annotated[str, Query(max_length=200)]


@router.get("/verify")
async def get_verify(request: Request, token: Token = "") -> Response:
    """Show the button that verifies an address."""
    return _page(request, "link", path="/verify", token=token)


@router.post("/verify")
async def post_verify(request: Request, its: CurrentFacilities) -> Response:
    """Verify the address that the link was sent to."""
    token = (await form_of(request)).get("token", "")
    try:
        async with its.works.for_nobody(cause="page") as work:
            await verify_address(work, token=token)
    except Refusal as refusal:
        return _page(request, "link", refusal, path="/verify", token=token)
    return RedirectResponse("/", SEE_OTHER)


@router.get("/change-address")
async def get_change_address(request: Request, token: Token = "") -> Response:
    """Show the button that takes a new address."""
    return _page(request, "link", path="/change-address", token=token)


@router.post("/change-address")
async def post_change_address(
    request: Request, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Take the address that the link was sent to."""
    token = (await form_of(request)).get("token", "")
    try:
        async with its.works.for_nobody(cause="page") as work:
            await confirm_address(work, letters, token=token)
    except Refusal as refusal:
        return _page(request, "link", refusal, path="/change-address", token=token)
    return RedirectResponse("/", SEE_OTHER)


@router.get("/forgot")
async def get_forgot(request: Request) -> Response:
    """Show the form that asks for a new password."""
    return _page(request, "forgot", sent=False)


@router.post("/forgot")
async def post_forgot(
    request: Request, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Have a letter sent, and say the same for any address."""
    form = await form_of(request)
    rate = its.settings.limits.rate_auth
    try:
        await ask_reset(
            its.works,
            letters,
            email=form.get("email", ""),
            address=client_address(request),
            rate=rate,
        )
    except Refusal as refusal:
        return _page(request, "forgot", refusal, sent=False)
    return _page(request, "forgot", sent=True)


@router.get("/reset")
async def get_reset(request: Request, token: Token = "") -> Response:
    """Show the form for a new password."""
    return _page(request, "reset", token=token)


@router.post("/reset")
async def post_reset(request: Request, its: CurrentFacilities, letters: CurrentLetters) -> Response:
    """Keep the new password, and lead on to the log-in."""
    form = await form_of(request)
    token, password = form.get("token", ""), form.get("password", "")
    try:
        await reset_password(its.works, its.passwords, letters, token=token, password=password)
    except Refusal as refusal:
        return _page(request, "reset", refusal, token=token)
    return RedirectResponse("/log-in", SEE_OTHER)


def _page(
    request: Request, template: str, refusal: Refusal | None = None, **context: object
) -> Response:
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    return render(
        request,
        template,
        status=200 if refusal is None else STATUSES.get(refusal.code, 400),
        locale=spoken(request),
        shell=stranger_shell(request),
        errors={str(field): message} if field else {},
        problem=None if field else message,
        **context,
    )
