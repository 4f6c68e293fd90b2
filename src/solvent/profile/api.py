"""A person's own account over HTTP: address, password, sessions, closing it."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.identity.domain import OpenSession
from solvent.identity.edge import CurrentLetters, lockout_of
from solvent.identity.operations.change_address import change_address, confirm_address
from solvent.identity.operations.change_password import change_password
from solvent.identity.operations.list_sessions import end_session, list_sessions
from solvent.identity.operations.log_out_everywhere import log_out_everywhere
from solvent.identity.operations.resend_verification import resend_verification
from solvent.identity.operations.reset_password import ask_reset, reset_password
from solvent.identity.operations.verify_address import verify_address
from solvent.profile.operations.close_account import close_account
from solvent.runtime.edge.answers import json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import CurrentFacilities, client_address
from solvent.runtime.edge.fields import Line
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute

declare({"profile.others_would_be_left": 409})

open_router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
router = APIRouter(prefix="/api/v1/me", tags=["me"], route_class=HouseholdRoute)
plain_router = APIRouter(prefix="/api/v1/me", tags=["me"])

Token = Annotated[Line, Field(min_length=1, max_length=200)]
Password = Annotated[str, Field(max_length=1_024)]


class AddressBody(BaseModel):
    """An e-mail address."""

    email: Annotated[str, Field(max_length=320)]


class LinkBody(BaseModel):
    """What stands behind ``token=`` in the link of a letter."""

    token: Token


class ResetBody(BaseModel):
    """The link of a letter, and the password that is chosen."""

    token: Token
    password: Password


class PasswordBody(BaseModel):
    """The password so far, and the one that is chosen."""

    password: Password
    new_password: Password


class EverywhereBody(BaseModel):
    """Whether the session that asks goes on."""

    keep_this: bool = False


class SessionsAnswer(BaseModel):
    """Where a person is logged in; there are few, so there is one page."""

    items: list[OpenSession]
    next_cursor: None = None


class SentAnswer(BaseModel):
    """A letter goes out, if there is anybody to write to."""

    sent: bool


class EndedAnswer(BaseModel):
    """How many sessions have ended."""

    ended: int


@open_router.post("/verify", status_code=204, responses=problems(422))
async def post_verify(body: LinkBody, its: CurrentFacilities) -> Response:
    """Verify an address by the link that was sent to it."""
    async with its.works.for_nobody(cause="api") as work:
        await verify_address(work, token=body.token)
    return Response(status_code=204)


@open_router.post(
    "/forgot", status_code=202, response_model=SentAnswer, responses=problems(422, 429)
)
async def post_forgot(
    request: Request, body: AddressBody, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Have a link sent that resets the password; the answer is the same for any address."""
    await ask_reset(
        its.works,
        letters,
        email=body.email,
        address=client_address(request),
        rate=its.settings.limits.rate_auth,
    )
    return json_answer({"sent": True}, 202)


@open_router.post("/reset", status_code=204, responses=problems(422))
async def post_reset(body: ResetBody, its: CurrentFacilities, letters: CurrentLetters) -> Response:
    """Choose a new password by the link of a letter; all sessions end."""
    await reset_password(
        its.works, its.passwords, letters, token=body.token, password=body.password
    )
    return Response(status_code=204)


@open_router.post("/confirm-address", status_code=204, responses=problems(422))
async def post_confirm_address(
    body: LinkBody, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Take a new address by the link that was sent to it."""
    async with its.works.for_nobody(cause="api") as work:
        await confirm_address(work, letters, token=body.token)
    return Response(status_code=204)


@router.post(
    "/verification", status_code=202, response_model=SentAnswer, responses=problems(401, 429)
)
async def post_verification(work: CurrentWork, letters: CurrentLetters) -> Response:
    """Have the letter sent again that verifies one's address."""
    await resend_verification(work, letters)
    return json_answer({"sent": True}, 202)


@router.post(
    "/address", status_code=202, response_model=SentAnswer, responses=problems(401, 403, 422, 429)
)
async def post_address(body: AddressBody, work: CurrentWork, letters: CurrentLetters) -> Response:
    """Ask for another address; it is taken when the link sent there is opened. Wants a recent proof."""
    await change_address(work, letters, email=body.email)
    return json_answer({"sent": True}, 202)


@plain_router.post("/password", status_code=204, responses=problems(401, 403, 422, 429))
async def post_password(
    request: Request, body: PasswordBody, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Change one's password; all other sessions end."""
    credential = its.tokens.credential(request)
    await its.tokens.check_same_site(request)
    await change_password(
        its.works,
        its.passwords,
        letters,
        credential=credential,
        old=body.password,
        new=body.new_password,
        address=client_address(request),
        rate=its.settings.limits.rate_login,
        lockout=lockout_of(its),
    )
    return Response(status_code=204)


@router.get("/sessions", response_model=SessionsAnswer, responses=problems(401))
async def get_sessions(work: CurrentWork) -> Response:
    """List where one is logged in, newest first."""
    return json_answer({"items": await list_sessions(work), "next_cursor": None})


@router.delete("/sessions/{session}", status_code=204, responses=problems(401, 404, 422))
async def delete_session(session: UUID, work: CurrentWork) -> Response:
    """End one of one's own sessions, at once and everywhere."""
    await end_session(work, session=session)
    return Response(status_code=204)


@router.post("/log-out-everywhere", response_model=EndedAnswer, responses=problems(401, 422))
async def post_log_out_everywhere(body: EverywhereBody, work: CurrentWork) -> Response:
    """End every session of one's own, perhaps but this one."""
    return json_answer({"ended": await log_out_everywhere(work, keep_this=body.keep_this)})


@router.post("/close", status_code=204, responses=problems(401, 403, 409))
async def post_close(work: CurrentWork) -> Response:
    """Close one's account for good. Wants a recent proof."""
    await close_account(work)
    return Response(status_code=204)
