"""Factors over HTTP: log in, prove again who one is, and set up what one logs in with."""

from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.factors.domain import (
    PASSKEY_NAME_CHARS_MAX,
    AuthenticatorKey,
    Factors,
    Passkey,
    RelyingParty,
)
from solvent.factors.operations.add_passkey import add_passkey, offer_passkey
from solvent.factors.operations.change_passkey import remove_passkey, rename_passkey
from solvent.factors.operations.prove_again import Proof, Shown, prove_again
from solvent.factors.operations.prove_log_in import prove_log_in
from solvent.factors.operations.prove_passkey import ask_for_passkey, prove_passkey
from solvent.factors.operations.read_factors import read_factors
from solvent.factors.operations.remove_authenticator import remove_authenticator
from solvent.factors.operations.renew_recovery_codes import renew_recovery_codes
from solvent.factors.operations.set_up_authenticator import (
    confirm_authenticator,
    set_up_authenticator,
)
from solvent.identity.domain import Attempt, TokenPair
from solvent.identity.edge import lockout_of
from solvent.identity.operations.log_in import log_in
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import CurrentFacilities, agent, client_address
from solvent.runtime.edge.fields import Line, Name
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute

declare(
    {
        "factors.authenticator_in_use": 409,
        "factors.bad_passkey_name": 422,
        "factors.code_not_right": 422,
        "factors.no_authenticator": 404,
        "factors.passkey_refused": 401,
        "factors.too_many_passkeys": 409,
    }
)

open_router = APIRouter(prefix="/api/v1/auth", tags=["auth"])
router = APIRouter(prefix="/api/v1/me", tags=["factors"], route_class=HouseholdRoute)

Password = Annotated[str, Field(max_length=1_024)]
Code = Annotated[Line, Field(max_length=40)]
Answer = Annotated[dict[str, Any], Field(description="A browser's PublicKeyCredential, as JSON.")]
PasskeyName = Annotated[Name, Field(max_length=PASSKEY_NAME_CHARS_MAX)]


class LogInBody(BaseModel):
    """Who wants to log in; ``code`` is for people with an authenticator."""

    email: Annotated[str, Field(max_length=320)]
    password: Password
    code: Code | None = None


class ProveBody(BaseModel):
    """What shows that it is still the same person: one of these."""

    password: Password | None = None
    code: Code | None = None
    passkey: Answer | None = None


class ConfirmBody(BaseModel):
    """What the authenticator shows."""

    code: Code


class PasskeyBody(BaseModel):
    """A new passkey: what to call it, and what the browser made."""

    name: PasskeyName
    answer: Answer


class PasskeyNameBody(BaseModel):
    """What to call a passkey."""

    name: PasskeyName


class PasskeyLogInBody(BaseModel):
    """What the browser answered with a passkey."""

    answer: Answer


class RecoveryCodes(BaseModel):
    """Codes that each stand in for the authenticator once; shown this one time."""

    recovery_codes: list[str]


@open_router.post("/login", response_model=TokenPair, responses=problems(401, 422, 429))
async def post_login(request: Request, body: LogInBody, its: CurrentFacilities) -> Response:
    """Log in with address and password, and a code where the person has an authenticator."""
    attempt = Attempt(body.email, body.password, client_address(request), agent(request))
    proved = await prove_log_in(
        its.works,
        its.passwords,
        its.seal,
        attempt=attempt,
        code=body.code,
        rate=its.settings.limits.rate_login,
        lockout=lockout_of(its),
    )
    pair = await log_in(
        its.works,
        its.tokens,
        person=proved.person,
        multi_factor=proved.multi_factor,
        lifetimes=its.settings.sessions,
        agent=attempt.agent,
    )
    return json_answer(pair, headers=NO_STORE)


@open_router.post("/prove", response_model=Proof, responses=problems(401, 403, 422, 429))
async def post_prove(request: Request, body: ProveBody, its: CurrentFacilities) -> Response:
    """Prove again who one is; for a while, this session may then do what is dangerous."""
    credential = its.tokens.credential(request)
    await its.tokens.check_same_site(request)
    proof = await prove_again(
        its.works,
        its.passwords,
        its.seal,
        _party(its),
        credential=credential,
        shown=Shown(body.password, body.code, body.passkey),
        address=client_address(request),
        rate=its.settings.limits.rate_login,
        lockout=lockout_of(its),
    )
    return json_answer(proof, headers=NO_STORE)


@open_router.post("/passkey/options", response_model=dict[str, Any])
async def post_passkey_question(its: CurrentFacilities) -> Response:
    """Ask for a passkey: what the browser needs to log in with one."""
    return json_answer(await ask_for_passkey(its.works, _party(its)), headers=NO_STORE)


@open_router.post("/passkey", response_model=TokenPair, responses=problems(401, 422))
async def post_passkey_log_in(
    request: Request, body: PasskeyLogInBody, its: CurrentFacilities
) -> Response:
    """Log in with a passkey, without address or password."""
    proved = await prove_passkey(its.works, _party(its), answer=body.answer)
    pair = await log_in(
        its.works,
        its.tokens,
        person=proved.person,
        multi_factor=proved.multi_factor,
        lifetimes=its.settings.sessions,
        agent=agent(request),
    )
    return json_answer(pair, headers=NO_STORE)


@router.get("/factors", response_model=Factors, responses=problems(401))
async def get_factors(work: CurrentWork, its: CurrentFacilities) -> Response:
    """Say what the person logs in with beside their password."""
    return json_answer(await read_factors(work, its.seal))


@router.post(
    "/authenticator",
    status_code=201,
    response_model=AuthenticatorKey,
    responses=problems(401, 403, 409),
)
async def post_authenticator(work: CurrentWork, its: CurrentFacilities) -> Response:
    """Begin to set up an authenticator: its key, which counts once a code has confirmed it."""
    return json_answer(await set_up_authenticator(work, its.seal), 201, NO_STORE)


@router.post(
    "/authenticator/confirm",
    response_model=RecoveryCodes,
    responses=problems(401, 403, 404, 422),
)
async def post_confirm(body: ConfirmBody, work: CurrentWork, its: CurrentFacilities) -> Response:
    """Let the authenticator count from now on, and return the recovery codes."""
    codes = await confirm_authenticator(work, its.seal, code=body.code)
    return json_answer({"recovery_codes": codes}, headers=NO_STORE)


@router.delete("/authenticator", status_code=204, responses=problems(401, 403, 404))
async def delete_authenticator(work: CurrentWork, its: CurrentFacilities) -> Response:
    """Remove the authenticator and its recovery codes."""
    await remove_authenticator(work, its.seal)
    return Response(status_code=204)


@router.post(
    "/recovery-codes",
    status_code=201,
    response_model=RecoveryCodes,
    responses=problems(401, 403, 404),
)
async def post_recovery_codes(work: CurrentWork, its: CurrentFacilities) -> Response:
    """Make ten new recovery codes; those before count no longer."""
    codes = await renew_recovery_codes(work, its.seal)
    return json_answer({"recovery_codes": codes}, 201, NO_STORE)


@router.post("/passkeys/options", response_model=dict[str, Any], responses=problems(401, 403, 409))
async def post_passkey_offer(work: CurrentWork, its: CurrentFacilities) -> Response:
    """Say what the browser needs to make a passkey."""
    return json_answer(await offer_passkey(work, _party(its)), headers=NO_STORE)


@router.post(
    "/passkeys", status_code=201, response_model=Passkey, responses=problems(401, 403, 422)
)
async def post_passkey(body: PasskeyBody, work: CurrentWork, its: CurrentFacilities) -> Response:
    """Keep the passkey that the browser made."""
    made = await add_passkey(work, _party(its), name=body.name, answer=body.answer)
    return json_answer(made, 201)


@router.patch("/passkeys/{passkey}", status_code=204, responses=problems(401, 404, 422))
async def patch_passkey(passkey: UUID, body: PasskeyNameBody, work: CurrentWork) -> Response:
    """Call a passkey something else."""
    await rename_passkey(work, passkey=passkey, name=body.name)
    return Response(status_code=204)


@router.delete("/passkeys/{passkey}", status_code=204, responses=problems(401, 403, 404, 422))
async def delete_passkey(passkey: UUID, work: CurrentWork) -> Response:
    """Take a passkey away."""
    await remove_passkey(work, passkey=passkey)
    return Response(status_code=204)


def _party(its: CurrentFacilities) -> RelyingParty:
    """Return whom passkeys are made for here."""
    return RelyingParty.at(its.settings.public_url)
