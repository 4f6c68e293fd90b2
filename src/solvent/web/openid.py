"""The way in through a provider outside, and back: log in, link, or sign up."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from solvent.factors.operations.prove_log_in import SecondStep, second_step
from solvent.households.domain import NewHousehold
from solvent.households.operations.create_household import OpenBooks
from solvent.households.operations.sign_up import sign_up
from solvent.identity.openid.domain import Identity, OpenIdRefused, Question
from solvent.identity.openid.operations.ask_provider import ask_provider
from solvent.identity.openid.operations.find_person import find_person, has_account
from solvent.identity.openid.operations.hear_provider import Callback, hear_provider
from solvent.identity.openid.operations.link_identity import add_link, link_identity
from solvent.identity.openid.provider import OpenIdProvider
from solvent.identity.openid.secrets import identity_in, pass_of
from solvent.identity.operations.open_page_session import open_page_session
from solvent.kernel.errors import NotFound, Refusal
from solvent.runtime.edge.credentials import cookie_name, is_private
from solvent.runtime.edge.facilities import CurrentFacilities, Facilities, agent
from solvent.runtime.edge.problems import STATUSES
from solvent.runtime.ids import new_token
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.work import Work
from solvent.web.page import (
    SEE_OTHER,
    StrangerRoute,
    form_of,
    render,
    safe_path,
    set_cookie,
    spoken,
    stranger_shell,
)
from solvent.web.strangers import CURRENCIES, DAY_S

STATE_COOKIE = "__Host-solvent-openid"
OPEN_STATE_COOKIE = "solvent-openid"
"""Its name where an open network lets no protected one be set."""
STATE_S = 600
CALLBACK_PATH = "/log-in/openid/callback"

router = APIRouter(prefix="/log-in/openid", route_class=StrangerRoute, include_in_schema=False)


def provider_of(request: Request) -> OpenIdProvider:
    """Return the provider of this installation; without one there is no such place."""
    provider: OpenIdProvider | None = request.app.state.openid
    if provider is None:
        raise NotFound("page")
    return provider


@router.get("")
async def get_openid(
    request: Request,
    its: CurrentFacilities,
    following: Annotated[str, Query(alias="next", max_length=500)] = "/",
    link: Annotated[bool, Query()] = False,  # noqa: FBT002 - a parameter of the address
) -> Response:
    """Send the browser to the provider: to log in, or to link to the session that it has."""
    provider = provider_of(request)
    session = None
    if link:
        credential = its.tokens.credential(request)
        async with its.works.for_session(credential, None, cause="page") as work:
            require_recent_proof(work)
            session = work.scope.session
    question = Question(safe_path(following), session)
    asked = await ask_provider(its.works, provider, its.settings.secrets.keys, question=question)
    answer = RedirectResponse(asked.address, SEE_OTHER, {"cache-control": "no-store"})
    set_cookie(request, answer, STATE_COOKIE, asked.state, max_age=STATE_S)
    return answer


@router.get("/callback")
async def get_callback(request: Request, its: CurrentFacilities) -> Response:
    """Hear who it is, and do what the browser had been sent for."""
    said = request.query_params
    callback = Callback(
        cookie=request.cookies.get(_state_cookie(request), ""),
        state=said.get("state", ""),
        code=said.get("code", ""),
        issuer=said.get("iss"),
        error=said.get("error", ""),
    )
    keys = its.settings.secrets.keys
    returned = await hear_provider(its.works, provider_of(request), keys, callback=callback)
    if returned.question.session is not None:
        answer = await _link(request, its, returned.identity, returned.question)
    else:
        answer = await _log_in(request, its, returned.identity, returned.question)
    set_cookie(request, answer, _state_cookie(request), "", max_age=0)
    return answer


@router.post("/sign-up")
async def post_sign_up(request: Request, its: CurrentFacilities) -> Response:
    """Register whoever the provider vouched for a moment ago, and make their household."""
    if not provider_of(request).allows_registration:
        raise NotFound("page")
    form = await form_of(request)
    identity = identity_in(its.settings.secrets.keys, form.get("pass", ""), its.works.clock.now())
    if identity.email is None:
        raise OpenIdRefused("email")
    open_books: OpenBooks = request.app.state.open_books
    # Nobody knows this password: whoever wants one asks for it by mail.
    password = await its.passwords.hash(new_token())
    try:
        async with its.works.for_nobody(cause="page") as work:
            made = await sign_up(
                work,
                email=identity.email,
                name=form.get("name", ""),
                password=password,
                household=NewHousehold(form.get("household", ""), form.get("base_currency", "")),
                open_books=open_books,
                locale=spoken(request),
            )
            await add_link(work, identity=identity)
            token = await _session(request, its, work, made.person.id, identity)
    except Refusal as refusal:
        return _sign_up_page(request, its, identity, form, refusal)
    return _logged_in(request, its, token, f"/h/{made.household.id}/today")


def _state_cookie(request: Request) -> str:
    """Return the name of the cookie that the state goes in."""
    return STATE_COOKIE if is_private(request) else OPEN_STATE_COOKIE


async def _link(
    request: Request, its: Facilities, identity: Identity, question: Question
) -> Response:
    """Link to the session that the question was asked in, and to no other."""
    credential = its.tokens.credential(request)
    async with its.works.for_session(credential, None, cause="page") as work:
        if work.scope.session != question.session:
            raise OpenIdRefused("session")
        await link_identity(work, identity=identity)
    return RedirectResponse(safe_path(question.following), SEE_OTHER)


async def _log_in(
    request: Request, its: Facilities, identity: Identity, question: Question
) -> Response:
    """Log in whom the identity leads to; tell anybody else what they can do."""
    provider = provider_of(request)
    async with its.works.for_nobody(cause="page") as work:
        person = await find_person(work, identity=identity)
        step = None
        if person is not None and not identity.is_multi_factor:
            step = await second_step(work, its.seal, person=person)
        if step is not None:
            return _second_step_page(request, step, safe_path(question.following))
        if person is not None:
            token = await _session(request, its, work, person, identity)
            return _logged_in(request, its, token, safe_path(question.following))
        matched = await has_account(work, identity=identity)
    if provider.allows_registration and identity.email is not None and not matched:
        return _sign_up_page(request, its, identity, {"name": identity.name})
    return render(
        request,
        "openid_unknown",
        status=403,
        locale=spoken(request),
        shell=stranger_shell(request),
        label=provider.label,
        email=identity.email if matched else None,
    )


async def _session(
    request: Request, its: Facilities, work: Work, person: UUID, identity: Identity
) -> str:
    return await open_page_session(
        work,
        person=person,
        lifetimes=its.settings.sessions,
        agent=agent(request),
        multi_factor=identity.is_multi_factor,
    )


def _logged_in(request: Request, its: Facilities, token: str, path: str) -> Response:
    answer = RedirectResponse(path, SEE_OTHER)
    life_s = its.settings.sessions.page_days * DAY_S
    set_cookie(request, answer, cookie_name(request), token, max_age=life_s)
    return answer


def _second_step_page(request: Request, step: SecondStep, following: str) -> Response:
    """Ask for a code, as after a password: the provider has seen one factor only."""
    return render(
        request,
        "second_step",
        locale=spoken(request),
        shell=stranger_shell(request),
        challenge=step.challenge,
        next=following,
        errors={},
        problem=None,
    )


def _sign_up_page(
    request: Request,
    its: Facilities,
    identity: Identity,
    form: dict[str, str],
    refusal: Refusal | None = None,
) -> Response:
    field = None if refusal is None else refusal.facts.get("field")
    message = None if refusal is None else refusal.message
    values = {name: form.get(name, "") for name in ("name", "household", "base_currency")}
    return render(
        request,
        "openid_sign_up",
        status=200 if refusal is None else STATUSES.get(refusal.code, 400),
        locale=spoken(request),
        shell=stranger_shell(request),
        email=identity.email,
        vouched=pass_of(its.settings.secrets.keys, identity, its.works.clock.now()),
        values=values | {"base_currency": values["base_currency"] or CURRENCIES[0]},
        currencies=CURRENCIES,
        errors={str(field): message} if field else {},
        problem=None if field else message,
    )
