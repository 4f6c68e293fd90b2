"""What every page is made with: who reads it, the frame around it, and the answer that holds it.

A page's route wants the session cookie and opens the reader's work, as the API's routes do; without
a session the reader is led to the log-in and back. What is refused on the way becomes a page that
says what happened and what to do. What wants a recent proof is asked for it in a step between, which
carries the form along and goes on with it.
"""

from collections.abc import AsyncGenerator, Callable, Coroutine
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Annotated, Any
from urllib.parse import quote, urlsplit
from uuid import UUID

from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.responses import HTMLResponse, RedirectResponse

from solvent.factors.domain import RelyingParty
from solvent.factors.operations.prove_again import Shown, prove_again
from solvent.households.operations.list_households import list_households
from solvent.identity.domain import TooManyAttempts, WrongProof
from solvent.identity.edge import lockout_of
from solvent.identity.operations.read_person import read_person
from solvent.kernel.errors import NotFound, Refusal
from solvent.oversight.operations.is_operator import is_operator
from solvent.runtime.edge.credentials import (
    CSRF_FIELD,
    SAFE_METHODS,
    Tokens,
    check_origin,
    cookie_name,
    is_private,
    session_cookie,
)
from solvent.runtime.edge.facilities import client_address, facilities
from solvent.runtime.edge.forms import read_form
from solvent.runtime.edge.problems import STATUSES
from solvent.runtime.passwords import TooBusy
from solvent.runtime.proof import ProofNeeded
from solvent.runtime.scope import Credential, NotLoggedIn
from solvent.runtime.work import Work, Works
from solvent.web.rendering import Pages, Place, Shell, Theme

THEME_COOKIE = "solvent-theme"
THEMES: dict[str, Theme] = {"system": "system", "light": "light", "dark": "dark"}
YEAR_S = 365 * 24 * 3600
PAGE_HEADERS = {"cache-control": "private, no-store"}
SEE_OTHER = HTTPStatus.SEE_OTHER
PROOF_PASSWORD = "proof_password"  # noqa: S105 - a field's name
PROOF_CODE = "proof_code"
PROOF_FIELDS = frozenset({PROOF_PASSWORD, PROOF_CODE})
FORM = "application/x-www-form-urlencoded"

Handler = Callable[[Request], Coroutine[Any, Any, Response]]


async def current_reader(request: Request) -> "Reader":
    """Return the reader that the route found for this request."""
    reader: Reader = request.state.reader
    return reader


class Reader:
    """Who reads a page: their work, their language, and how to show them something."""

    def __init__(self, request: Request, work: Work) -> None:
        """Serve one request."""
        self.request = request
        self.work = work

    @property
    def home(self) -> str:
        """The address that the household's pages begin with."""
        return f"/h/{self.work.household}"

    async def page(
        self, template: str, place: str, *, status: int = 200, **context: object
    ) -> HTMLResponse:
        """Answer with a page of the household."""
        person = await read_person(self.work)
        households = [Place(str(h.id), h.name) for h in await list_households(self.work)]
        here = next(h for h in households if h.id == str(self.work.household))
        shell = Shell(
            csrf_token=csrf_token(self.request),
            place=place,
            person=person.name,
            household=here,
            households=tuple(households),
            theme=theme(self.request),
            operator=await is_operator(self.work),
        )
        return render(
            self.request,
            template,
            status=status,
            locale=self.work.scope.locale,
            shell=shell,
            **context,
        )

    def to(self, path: str) -> RedirectResponse:
        """Answer by leading on to ``path`` of the household."""
        return RedirectResponse(f"{self.home}/{path}", SEE_OTHER)


CurrentReader = Annotated[Reader, Depends(current_reader)]


class PageRoute(APIRoute):
    """A page for people who are logged in."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler of the route in the reader's work."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            tokens: Tokens = request.app.state.tokens
            try:
                credential = tokens.credential(request)
                await tokens.check_same_site(request)
                if (unproved := await _prove_by_form(request, credential)) is not None:
                    return await _proof_step(request, unproved)
                return await self.answered(request, credential, handler)
            except ProofNeeded as needed:
                return await _proof_step(request, needed)
            except NotLoggedIn:
                return _to_log_in(request)
            except Refusal as refusal:
                return refused(request, refusal)

        return handle

    async def answered(
        self, request: Request, credential: Credential, handler: Handler, /
    ) -> Response:
        """Answer within the reader's work."""
        async with reading(request, credential) as reader:
            request.state.reader = reader
            request.state.sender = reader.work.scope.sender
            return await handler(request)


class UnopenedPageRoute(PageRoute):
    """A page for people who are logged in whose handler opens work itself, when it needs it."""

    async def answered(
        self, request: Request, _credential: Credential, handler: Handler, /
    ) -> Response:
        """Answer without a connection in hand."""
        return await handler(request)


@asynccontextmanager
async def reading(request: Request, credential: Credential) -> AsyncGenerator[Reader, None]:
    """Open the work of whoever holds ``credential``, in the household that the path names."""
    works: Works = request.app.state.works
    async with works.for_session(credential, household_in(request), cause="page") as work:
        yield Reader(request, work)


class StrangerRoute(APIRoute):
    """A page for anyone; what it is sent must come from our own origin."""

    def get_route_handler(self) -> Handler:
        """Wrap the handler of the route with the check of the origin."""
        handler = super().get_route_handler()

        async def handle(request: Request) -> Response:
            try:
                if request.method not in SAFE_METHODS:
                    check_origin(request)
                return await handler(request)
            except Refusal as refusal:
                return refused(request, refusal)

        return handle


def household_in(request: Request) -> UUID | None:
    """Return the household that the path names, if it names one."""
    text = request.path_params.get("household")
    if text is None:
        return None
    try:
        return UUID(str(text))
    except ValueError as bad:
        raise NotFound("household") from bad


def render(
    request: Request, template: str, *, status: int = 200, locale: str, **context: object
) -> HTMLResponse:
    """Answer with the page that ``template`` makes."""
    pages: Pages = request.app.state.pages
    return HTMLResponse(
        pages.render(f"pages/{template}.html", locale=locale, status=int(status), **context),
        status,
        PAGE_HEADERS,
    )


def refused(request: Request, refusal: Refusal) -> HTMLResponse:
    """Answer with what was refused, and what to do about it."""
    status = STATUSES.get(refusal.code, HTTPStatus.BAD_REQUEST)
    problem = {"happened": refusal.message, "code": refusal.code}
    return render(
        request,
        "error",
        status=status,
        locale=spoken(request),
        shell=stranger_shell(request),
        problem=problem,
        back="/",
    )


def stranger_shell(request: Request) -> Shell:
    """Return the frame for somebody who is not logged in."""
    return Shell(csrf_token="", theme=theme(request))


def spoken(request: Request) -> str:
    """Return the language that the browser asks for, where it is kept; English else."""
    pages: Pages = request.app.state.pages
    for part in request.headers.get("accept-language", "").split(",")[:8]:
        code = part.partition(";")[0].strip().partition("-")[0].lower()
        if code in pages.languages:
            return code
    return "en"


def theme(request: Request) -> Theme:
    """Return the theme that the reader has chosen on this device."""
    return THEMES.get(request.cookies.get(THEME_COOKIE, ""), "system")


def csrf_token(request: Request) -> str:
    """Return the token that this session's forms carry."""
    tokens: Tokens = request.app.state.tokens
    return tokens.csrf_token(session_cookie(request))


def set_cookie(request: Request, answer: Response, name: str, value: str, *, max_age: int) -> None:
    """Set a cookie for this host alone, sent over HTTPS or to localhost; an open network has neither."""
    answer.set_cookie(
        name,
        value,
        max_age=max_age,
        path="/",
        secure=is_private(request),
        httponly=True,
        samesite="lax",
    )


def forget_session(request: Request, answer: Response) -> None:
    """Have the browser forget the session's cookie."""
    answer.delete_cookie(
        cookie_name(request), path="/", secure=is_private(request), httponly=True, samesite="lax"
    )


async def form_of(request: Request) -> dict[str, str]:
    """Return the text fields of a form, without spaces around them."""
    form: FormData = await read_form(request)
    return {name: value.strip() for name, value in form.items() if isinstance(value, str)}


def safe_path(text: str) -> str:
    """Return ``text`` where it is a path of our own, else the root: no redirect leads elsewhere."""
    plain = text.startswith("/") and not text.startswith(("//", "/\\")) and text.isprintable()
    return text if plain and "\\" not in text else "/"


async def _prove_by_form(request: Request, credential: Credential) -> Refusal | None:
    """Take the proof that a form brings along from the step; return what is wrong with it, if it is."""
    if request.method in SAFE_METHODS or FORM not in request.headers.get("content-type", ""):
        return None
    form = await form_of(request)
    if not form.keys() & PROOF_FIELDS:
        return None
    its = facilities(request)
    try:
        await prove_again(
            its.works,
            its.passwords,
            its.seal,
            RelyingParty.at(its.settings.public_url),
            credential=credential,
            shown=Shown(form.get(PROOF_PASSWORD), form.get(PROOF_CODE)),
            address=client_address(request),
            rate=its.settings.limits.rate_login,
            lockout=lockout_of(its),
        )
    except (WrongProof, TooManyAttempts, TooBusy) as refusal:
        return refusal
    return None


async def _proof_step(request: Request, refusal: Refusal) -> HTMLResponse:
    """Ask for a proof, and carry along what was sent."""
    needed = isinstance(refusal, ProofNeeded)
    if FORM not in request.headers.get("content-type", ""):
        return refused(request, refusal)
    reader: Reader | None = getattr(request.state, "reader", None)
    form = await read_form(request)
    own = {CSRF_FIELD, *PROOF_FIELDS}
    return render(
        request,
        "prove",
        status=200 if needed else STATUSES.get(refusal.code, HTTPStatus.BAD_REQUEST),
        locale=reader.work.scope.locale if reader else spoken(request),
        shell=Shell(csrf_token=csrf_token(request), theme=theme(request)),
        path=request.url.path,
        carried=[(n, v) for n, v in form.multi_items() if n not in own and isinstance(v, str)],
        back=safe_path(urlsplit(request.headers.get("referer", "")).path or "/"),
        errors={refusal.facts["field"]: refusal.message} if isinstance(refusal, WrongProof) else {},
        problem=None if needed or isinstance(refusal, WrongProof) else refusal.message,
    )


def _to_log_in(request: Request) -> RedirectResponse:
    path = request.url.path if request.method in SAFE_METHODS else "/"
    return RedirectResponse(f"/log-in?next={quote(path)}", SEE_OTHER)
