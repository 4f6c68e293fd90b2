"""Settings, access tokens: make one and copy it once, see when each was used, revoke."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.households.operations.list_households import list_households
from solvent.identity.tokens.domain import (
    LIFETIME_DAYS,
    BadTokenLifetime,
    MadeToken,
    NewToken,
    TokenScope,
)
from solvent.identity.tokens.operations.list_tokens import list_tokens
from solvent.identity.tokens.operations.make_token import make_token
from solvent.identity.tokens.operations.revoke_token import revoke_token
from solvent.kernel.errors import NotFound, Refusal
from solvent.runtime.edge.forms import read_form
from solvent.runtime.edge.problems import STATUSES
from solvent.runtime.proof import ProofNeeded
from solvent.web.page import CurrentReader, PageRoute, Reader, form_of

LIFETIMES_DAYS = (7, 30, 90, 180, 365)
PATH = "settings/tokens"

router = APIRouter(prefix="/h/{household}/settings", route_class=PageRoute, include_in_schema=False)


@router.get("/tokens")
async def get_tokens(reader: CurrentReader) -> Response:
    """Show the reader's tokens, and the form for another."""
    return await _page(reader)


@router.post("/tokens")
async def post_tokens(request: Request, reader: CurrentReader) -> Response:
    """Make a token and show it once, or revoke one."""
    form = await form_of(request)
    try:
        if form.get("do") == "revoke":
            await revoke_token(reader.work, token=_id(form.get("token", ""), "token"))
            return reader.to(PATH)
        made = await make_token(reader.work, new=await _new(request, form))
    except ProofNeeded:
        raise
    except Refusal as refusal:
        return await _page(reader, form=form, refusal=refusal)
    return await _page(reader, made=made)


async def _new(request: Request, form: dict[str, str]) -> NewToken:
    """Read the token that the form asks for."""
    chosen = [
        each for each in (await read_form(request)).getlist("scopes") if isinstance(each, str)
    ]
    household = form.get("household", "")
    days = form.get("days", "")
    if not (days.isascii() and days.isdigit() and len(days) < len("1000")):
        raise BadTokenLifetime
    return NewToken(
        form.get("name", ""), chosen, _id(household, "household") if household else None, int(days)
    )


def _id(text: str, kind: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as bad:
        raise NotFound(kind) from bad


async def _page(
    reader: Reader,
    *,
    form: dict[str, str] | None = None,
    refusal: Refusal | None = None,
    made: MadeToken | None = None,
) -> Response:
    typed = form or {}
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    households = await list_households(reader.work)
    return await reader.page(
        "settings_tokens",
        "settings",
        status=200 if refusal is None else STATUSES.get(refusal.code, 422),
        tokens=await list_tokens(reader.work),
        made=made,
        scopes=[scope.value for scope in TokenScope],
        lifetimes=LIFETIMES_DAYS,
        names={household.id: household.name for household in households},
        values={
            "name": typed.get("name", ""),
            "household": typed.get("household", ""),
            "days": typed.get("days", str(LIFETIME_DAYS)),
        },
        errors={str(field): message} if field else {},
        problem=None if field else message,
    )
