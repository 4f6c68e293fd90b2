"""Identity over HTTP: log in, refresh, log out. Registration stands with households."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.identity.domain import Attempt, TokenPair
from solvent.identity.operations.log_in import log_in
from solvent.identity.operations.log_out import log_out
from solvent.identity.operations.prove_again import Proof, prove_again
from solvent.identity.operations.refresh_session import refresh_session
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import CurrentFacilities, agent, client_address
from solvent.runtime.edge.fields import Line
from solvent.runtime.edge.problems import declare

declare(
    {
        "identity.bad_email": 422,
        "identity.bad_name": 422,
        "identity.email_taken": 409,
        "identity.letter_unreadable": 503,
        "identity.refresh_refused": 401,
        "identity.refresh_reused": 401,
        "identity.too_many_attempts": 429,
        "identity.weak_password": 422,
        "identity.wrong_credentials": 401,
        "identity.wrong_proof": 422,
    }
)

router = APIRouter(prefix="/api/v1/auth", tags=["auth"])


class LogInBody(BaseModel):
    """Who wants to log in; ``code`` is for accounts with a second factor."""

    email: Annotated[str, Field(max_length=320)]
    password: Annotated[str, Field(max_length=1_024)]
    code: Annotated[Line, Field(max_length=20)] | None = None


class RefreshBody(BaseModel):
    """The token that an API client got last."""

    refresh_token: Annotated[Line, Field(min_length=1, max_length=200)]


class ProveBody(BaseModel):
    """What shows that it is still the same person."""

    password: Annotated[str, Field(max_length=1_024)]


@router.post("/login", response_model=TokenPair, responses=problems(401, 422, 429))
async def post_login(request: Request, body: LogInBody, its: CurrentFacilities) -> Response:
    """Log in with address and password."""
    pair = await log_in(
        its.works,
        its.passwords,
        its.tokens,
        attempt=Attempt(body.email, body.password, client_address(request), agent(request)),
        rate=its.settings.limits.rate_login,
        lifetimes=its.settings.sessions,
    )
    return json_answer(pair, headers=NO_STORE)


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


@router.post("/prove", response_model=Proof, responses=problems(401, 403, 422, 429))
async def post_prove(request: Request, body: ProveBody, its: CurrentFacilities) -> Response:
    """Prove again who one is; for a while, this session may then do what is dangerous."""
    credential = its.tokens.credential(request)
    await its.tokens.check_same_site(request)
    proof = await prove_again(
        its.works,
        its.passwords,
        credential=credential,
        password=body.password,
        address=client_address(request),
        rate=its.settings.limits.rate_login,
    )
    return json_answer(proof, headers=NO_STORE)
