"""Identity over HTTP: refresh and log out. Log-in stands with factors, registration with households."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.identity.domain import TokenPair
from solvent.identity.operations.log_out import log_out
from solvent.identity.operations.refresh_session import refresh_session
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import CurrentFacilities
from solvent.runtime.edge.fields import Line
from solvent.runtime.edge.problems import declare

declare(
    {
        "identity.bad_email": 422,
        "identity.bad_name": 422,
        "identity.code_needed": 401,
        "identity.email_taken": 409,
        "identity.letter_unreadable": 503,
        "identity.link_refused": 422,
        "identity.not_verified": 403,
        "identity.person_disabled": 403,
        "identity.refresh_refused": 401,
        "identity.refresh_reused": 401,
        "identity.step_expired": 401,
        "identity.too_many_attempts": 429,
        "identity.weak_password": 422,
        "identity.wrong_code": 401,
        "identity.wrong_credentials": 401,
        "identity.wrong_proof": 422,
    }
)

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


class RefreshBody(BaseModel):
    """The token that an API client got last."""

    refresh_token: Annotated[Line, Field(min_length=1, max_length=200)]


@router.post("/refresh", response_model=TokenPair, responses=problems(401, 422))
async def post_refresh(body: RefreshBody, its: CurrentFacilities) -> Response:
    """Exchange a refresh token for the next pair; one that was used before ends the session."""
    pair = await refresh_session(
        its.works, its.tokens, refresh_token=body.refresh_token, lifetimes=its.settings.sessions
    )
    return json_answer(pair, headers=NO_STORE)


@router.post("/logout", status_code=204, responses=problems(401, 403, 422))
async def post_logout(
    request: Request, its: CurrentFacilities, body: RefreshBody | None = None
) -> Response:
    """End the session of a refresh token, or of the credential that the request carries."""
    if body is not None:
        async with its.works.for_nobody(cause="api") as work:
            await log_out(work, refresh_token=body.refresh_token)
        return Response(status_code=204)
    credential = its.tokens.credential(request)
    await its.tokens.check_same_site(request)
    async with its.works.for_session(credential, None, cause="api") as work:
        await log_out(work)
    return Response(status_code=204)
