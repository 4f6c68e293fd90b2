"""Settings, security: the password, the address, where one is logged in, and closing the account."""

from uuid import UUID

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from solvent.identity.domain import WrongProof
from solvent.identity.edge import CurrentLetters, lockout_of
from solvent.identity.letters import Letters
from solvent.identity.operations.change_address import change_address
from solvent.identity.operations.change_password import change_password
from solvent.identity.operations.list_sessions import end_session, list_sessions
from solvent.identity.operations.log_out_everywhere import log_out_everywhere
from solvent.identity.operations.read_person import read_person
from solvent.identity.operations.resend_verification import resend_verification
from solvent.kernel.errors import NotFound, Refusal
from solvent.profile.operations.close_account import close_account
from solvent.runtime.edge.facilities import CurrentFacilities, client_address
from solvent.runtime.edge.problems import STATUSES
from solvent.runtime.proof import ProofNeeded
from solvent.web.devices import device
from solvent.web.page import (
    SEE_OTHER,
    CurrentReader,
    PageRoute,
    Reader,
    UnopenedPageRoute,
    forget_session,
    form_of,
    reading,
)

PATH = "settings/security"
DONE = frozenset({"password", "letter", "address", "sessions"})

router = APIRouter(prefix="/h/{household}/settings", route_class=PageRoute, include_in_schema=False)
password_router = APIRouter(
    prefix="/h/{household}/settings", route_class=UnopenedPageRoute, include_in_schema=False
)


@router.get("/security")
async def get_security(reader: CurrentReader) -> Response:
    """Show the ways into the account."""
    return await _page(reader)


@router.post("/security")
async def post_security(
    request: Request, reader: CurrentReader, letters: CurrentLetters
) -> Response:
    """Do what the form says."""
    form = await form_of(request)
    try:
        match form.get("do"):
            case "end_everywhere":
                await log_out_everywhere(reader.work)
                return _out(request)
            case "close":
                await close_account(reader.work)
                return _out(request)
            case _:
                done = await _do(reader, letters, form)
    except ProofNeeded:
        raise
    except Refusal as refusal:
        return await _page(reader, refusal=refusal, typed=form)
    return reader.to(f"{PATH}?done={done}")


async def _do(reader: Reader, letters: Letters, form: dict[str, str]) -> str:
    """Do what leaves the reader logged in; return what was done."""
    match form.get("do"):
        case "verify":
            await resend_verification(reader.work, letters)
            return "letter"
        case "address":
            await change_address(reader.work, letters, email=form.get("email", ""))
            return "address"
        case "end":
            await end_session(reader.work, session=_id(form.get("session", "")))
            return "sessions"
        case "end_others":
            await log_out_everywhere(reader.work, keep_this=True)
            return "sessions"
        case _:
            return ""


@password_router.post("/security/password")
async def post_password(
    request: Request, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Change the password; hashing it holds no connection."""
    form = (await request.form()).get
    old, new = str(form("password", "")), str(form("new_password", ""))
    refused: Refusal | None = None
    try:
        await change_password(
            its.works,
            its.passwords,
            letters,
            credential=its.tokens.credential(request),
            old=old,
            new=new,
            address=client_address(request),
            rate=its.settings.limits.rate_login,
            lockout=lockout_of(its),
        )
    except Refusal as refusal:
        refused = refusal
    async with reading(request, its.tokens.credential(request)) as reader:
        if refused is None:
            return reader.to(f"{PATH}?done=password")
        return await _page(reader, refusal=refused)


def _id(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as bad:
        raise NotFound("session") from bad


def _out(request: Request) -> Response:
    answer = RedirectResponse("/log-in", SEE_OTHER)
    forget_session(request, answer)
    return answer


async def _page(
    reader: Reader, *, refusal: Refusal | None = None, typed: dict[str, str] | None = None
) -> Response:
    work = reader.work
    done = reader.request.query_params.get("done", "")
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    if field == "password" and not isinstance(refusal, WrongProof):
        field = "new_password"
    return await reader.page(
        "settings_security",
        "settings",
        status=200 if refusal is None else STATUSES.get(refusal.code, 422),
        person=await read_person(work),
        sessions=[
            {
                "id": session.id,
                "device": device(session.agent),
                "channel": session.channel,
                "since": session.created_at,
                "current": session.id == work.scope.session,
            }
            for session in await list_sessions(work)
        ],
        values={"email": (typed or {}).get("email", "")},
        done=done if done in DONE and refusal is None else "",
        errors={str(field): message} if field else {},
        problem=None if field else message,
    )
