"""The ways in: sign up, log in, and the root that leads on."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import RedirectResponse, Response

from solvent.factors.domain import RelyingParty
from solvent.factors.operations.prove_log_in import (
    Proved,
    SecondStep,
    begin_log_in,
    finish_log_in,
)
from solvent.factors.operations.prove_passkey import prove_passkey
from solvent.factors.operations.read_answer import answer_of
from solvent.households.domain import NewHousehold
from solvent.households.operations.create_household import OpenBooks
from solvent.households.operations.list_households import list_households
from solvent.households.operations.sign_up import sign_up
from solvent.identity.domain import Attempt, EmailTaken, PersonDisabled, StepExpired
from solvent.identity.edge import CurrentLetters, lockout_of
from solvent.identity.openid.provider import OpenIdProvider
from solvent.identity.operations.choose_password import choose_password
from solvent.identity.operations.limit_attempts import limit_attempts
from solvent.identity.operations.open_page_session import open_page_session
from solvent.kernel.errors import Refusal
from solvent.runtime.edge.credentials import cookie_name
from solvent.runtime.edge.facilities import CurrentFacilities, agent, client_address
from solvent.runtime.edge.problems import STATUSES
from solvent.web.page import (
    SEE_OTHER,
    CurrentReader,
    PageRoute,
    StrangerRoute,
    form_of,
    render,
    safe_path,
    set_cookie,
    spoken,
    stranger_shell,
)

CURRENCIES = (
    "EUR",
    "USD",
    "GBP",
    "CHF",
    "CAD",
    "AUD",
    "NZD",
    "SEK",
    "NOK",
    "DKK",
    "PLN",
    "CZK",
    "HUF",
    "RON",
    "BGN",
    "ISK",
    "JPY",
    "CNY",
    "INR",
    "BRL",
    "MXN",
    "ZAR",
    "TRY",
)
DAY_S = 24 * 3600

router = APIRouter(route_class=StrangerRoute, include_in_schema=False)
root = APIRouter(route_class=PageRoute, include_in_schema=False)


@root.get("/")
async def get_root(reader: CurrentReader) -> Response:
    """Lead on to the reader's first household."""
    households = await list_households(reader.work)
    return RedirectResponse(f"/h/{households[0].id}/today" if households else "/log-in", SEE_OTHER)


@router.get("/sign-up")
async def get_sign_up(
    request: Request, following: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    """Show the form for a person and their first household."""
    return _sign_up_page(request, {"next": following})


@router.post("/sign-up")
async def post_sign_up(
    request: Request, its: CurrentFacilities, letters: CurrentLetters
) -> Response:
    """Register a person, make their household, log them in."""
    form = await form_of(request)
    open_books: OpenBooks = request.app.state.open_books
    household = NewHousehold(form.get("household", ""), form.get("base_currency", ""))
    email, password = form.get("email", ""), form.get("password", "")
    rate, strict = its.settings.limits.rate_auth, its.settings.verify_before_login
    try:
        async with limit_attempts(
            its.works, letters, email=email, address=client_address(request), rate=rate
        ):
            hashed = await choose_password(its.passwords, password=password, email=email)
            async with its.works.for_nobody(cause="page") as work:
                made = await sign_up(
                    work,
                    email=email,
                    name=form.get("name", ""),
                    password=hashed,
                    household=household,
                    open_books=open_books,
                    locale=spoken(request),
                    letters=letters,
                    awaits_mail=strict,
                )
                if strict:
                    return RedirectResponse("/log-in", SEE_OTHER)
                token = await open_page_session(
                    work,
                    person=made.person.id,
                    lifetimes=its.settings.sessions,
                    agent=agent(request),
                )
    except Refusal as refusal:
        if strict and isinstance(refusal, EmailTaken):
            return RedirectResponse("/log-in", SEE_OTHER)
        return _sign_up_page(request, form, refusal)
    return _logged_in(request, its, token, _following(form) or f"/h/{made.household.id}/today")


@router.get("/log-in")
async def get_log_in(
    request: Request, following: Annotated[str, Query(alias="next", max_length=500)] = ""
) -> Response:
    """Show the way in."""
    return _log_in_page(request, {"next": following})


@router.post("/log-in")
async def post_log_in(request: Request, its: CurrentFacilities) -> Response:
    """Open a page's session for whoever the form proves to be."""
    form = await form_of(request)
    attempt = Attempt(
        form.get("email", ""), form.get("password", ""), client_address(request), agent(request)
    )
    try:
        proved = await begin_log_in(
            its.works,
            its.passwords,
            its.seal,
            attempt=attempt,
            rate=its.settings.limits.rate_login,
            lockout=lockout_of(its),
        )
    except Refusal as refusal:
        return _log_in_page(request, form, refusal)
    if isinstance(proved, SecondStep):
        return _second_step_page(request, form | {"challenge": proved.challenge})
    return await _open_session(request, its, proved, form)


@router.post("/log-in/passkey")
async def post_passkey(request: Request, its: CurrentFacilities) -> Response:
    """Open a page's session for whoever the passkey proves to be."""
    form = await form_of(request)
    party = RelyingParty.at(its.settings.public_url)
    try:
        proved = await prove_passkey(its.works, party, answer=answer_of(form.get("answer", "")))
    except Refusal as refusal:
        return _log_in_page(request, form, refusal)
    return await _open_session(request, its, proved, form)


@router.post("/log-in/code")
async def post_second_step(request: Request, its: CurrentFacilities) -> Response:
    """Take the second step of a log-in, by a code."""
    form = await form_of(request)
    try:
        proved = await finish_log_in(
            its.works,
            its.seal,
            challenge=form.get("challenge", ""),
            code=form.get("code", ""),
            rate=its.settings.limits.rate_login,
        )
    except StepExpired as expired:
        return _log_in_page(request, form, expired)
    except Refusal as refusal:
        return _second_step_page(request, form, refusal)
    return await _open_session(request, its, proved, form)


async def _open_session(
    request: Request, its: CurrentFacilities, proved: Proved, form: dict[str, str]
) -> Response:
    """Open a page's session of whoever was proved, and lead on to where they wanted to go."""
    try:
        async with its.works.for_nobody(cause="page") as work:
            token = await open_page_session(
                work,
                person=proved.person,
                lifetimes=its.settings.sessions,
                agent=agent(request),
                multi_factor=proved.multi_factor,
            )
    except PersonDisabled as disabled:
        return _log_in_page(request, form, disabled)
    return _logged_in(request, its, token, safe_path(form.get("next") or "/"))


def _logged_in(request: Request, its: CurrentFacilities, token: str, path: str) -> Response:
    answer = RedirectResponse(path, SEE_OTHER)
    name, life_s = cookie_name(request), its.settings.sessions.page_days * DAY_S
    set_cookie(request, answer, name, token, max_age=life_s)
    return answer


def _sign_up_page(
    request: Request, form: dict[str, str], refusal: Refusal | None = None
) -> Response:
    values = {name: form.get(name, "") for name in ("name", "email", "household", "base_currency")}
    values["base_currency"] = values["base_currency"] or CURRENCIES[0]
    return _form_page(
        request,
        "sign_up",
        refusal,
        values=values,
        currencies=CURRENCIES,
        next=_following(form),
    )


def _log_in_page(
    request: Request, form: dict[str, str], refusal: Refusal | None = None
) -> Response:
    return _form_page(
        request,
        "log_in",
        refusal,
        values={"email": form.get("email", "")},
        outside=_outside(request),
        next=_following(form),
    )


def _second_step_page(
    request: Request, form: dict[str, str], refusal: Refusal | None = None
) -> Response:
    return _form_page(
        request,
        "second_step",
        refusal,
        challenge=form.get("challenge", ""),
        next=_following(form),
    )


def _following(form: dict[str, str]) -> str:
    return safe_path(form["next"]) if form.get("next") else ""


def _outside(request: Request) -> str | None:
    """Return what people call the provider through which they may log in as well."""
    provider: OpenIdProvider | None = request.app.state.openid
    return None if provider is None else provider.label


def _form_page(
    request: Request, template: str, refusal: Refusal | None, **context: object
) -> Response:
    """Show a form, and what was wrong with it at the field that it concerns."""
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
