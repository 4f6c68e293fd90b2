"""The web application: every router of the house, on one database, behind one outermost layer."""

from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from solvent.entrypoints.hashing import passwords_of
from solvent.entrypoints.openid import openid_provider
from solvent.entrypoints.permits import PERMITS
from solvent.factors import api as factors
from solvent.households import api as households
from solvent.identity import api as identity
from solvent.identity.letters import Letters
from solvent.identity.tokens import api as tokens
from solvent.intake import api as intake
from solvent.kernel.clock import Clock
from solvent.kernel.errors import Refusal
from solvent.ledger import api as ledger
from solvent.ledger.operations.open_books import open_books
from solvent.oversight import api as oversight
from solvent.profile import api as profile
from solvent.reporting import api as reporting
from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.door.outermost import Bounds, Outermost
from solvent.runtime.door.rates import rates_of
from solvent.runtime.edge import handbook, health, violations
from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.edge.documented import with_problem_schema
from solvent.runtime.edge.problems import bug_answer, http_answer, invalid_answer, refusal_answer
from solvent.runtime.edge.standing import StandingAnswers
from solvent.runtime.edge.versions import RELEASE
from solvent.runtime.keywatch import following
from solvent.runtime.sealing import Seal
from solvent.runtime.security import Discretion
from solvent.runtime.settinggroups import Settings
from solvent.runtime.systemclock import SystemClock
from solvent.runtime.work import Works
from solvent.web import (
    accounts,
    assets,
    audit,
    imports,
    linked,
    links,
    reports,
    signin,
    strangers,
    today,
    transactions,
)
from solvent.web import openid as web_openid
from solvent.web import settings as web_settings
from solvent.web import tokens as web_tokens
from solvent.web.rendering import Pages

ROUTERS: Sequence[APIRouter] = (
    health.router,
    ledger.router,
    reporting.router,
    intake.router,
    households.changes_router,
    households.members_router,
    households.router,
    identity.router,
    profile.open_router,
    profile.router,
    profile.plain_router,
    tokens.router,
    factors.open_router,
    factors.router,
    households.open_router,
    violations.router,
    oversight.router,
    oversight.own_router,
    oversight.operator_router,
    handbook.router,
    strangers.router,
    strangers.root,
    links.router,
    today.router,
    transactions.router,
    imports.router,
    accounts.router,
    reports.router,
    audit.router,
    web_settings.router,
    signin.router,
    web_tokens.router,
    linked.router,
    web_openid.router,
)
"""Every router that is served, in the order in which they are asked: the busiest first."""


class _Api(FastAPI):
    """FastAPI whose document also says what a problem looks like."""

    def openapi(self) -> dict[str, Any]:
        """Return the OpenAPI document, made once."""
        return with_problem_schema(super().openapi())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection; an answer that still stands does not reach the framework."""
        standing: StandingAnswers = self.state.standing
        if not await standing.answered(scope, receive, send):
            await super().__call__(scope, receive, send)


def create_app(
    settings: Settings, address: DatabaseAddress, *, clock: Clock | None = None
) -> Outermost:
    """Put the application together; it opens its pool when its lifespan begins.

    ``address`` is where the database is, migrated already. The framework's own object, with its
    ``state``, is the ``app`` of what is returned.
    """
    clock = clock or SystemClock()
    database = Database(address, pool_size(settings))
    proof_window = timedelta(minutes=settings.sessions.proof_minutes)
    works = Works(database, clock, proof_window=proof_window, discretion=discretion(settings))

    openid = openid_provider(settings, clock)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncGenerator[None, None]:
        await database.open()
        try:
            async with following(settings.secrets.keys, settings.secrets.field_keys):
                yield
        finally:
            if openid is not None:
                await openid.close()
            await rates.close()
            await database.close()

    app = _Api(
        title="Solvent",
        version=RELEASE,
        openapi_url=handbook.OPENAPI_PATH,
        docs_url=None,
        redoc_url=None,
        lifespan=lifespan,
    )
    app.state.settings = settings
    app.state.database = database
    app.state.works = works
    app.state.tokens = tokens = Tokens(settings.secrets.keys, clock)
    rates = rates_of(settings, tokens, clock)
    app.state.limits_are_degraded = lambda: rates.is_degraded
    app.state.standing = StandingAnswers(app.state.tokens, works)
    app.state.permits = PERMITS
    app.state.seal = Seal(settings.secrets.field_keys, "persons")
    app.state.passwords = passwords_of(settings)
    app.state.openid = openid
    app.state.letters = Letters(settings.secrets.keys)
    app.state.open_books = open_books
    app.state.pages = Pages()
    app.add_exception_handler(Refusal, refusal_answer)
    app.add_exception_handler(RequestValidationError, invalid_answer)
    app.add_exception_handler(HTTPException, http_answer)
    app.add_exception_handler(Exception, bug_answer)
    for router in ROUTERS:
        app.include_router(router)
    app.router.routes.append(assets.mount())
    return Outermost(app, Bounds.of(settings), rates)


def discretion(settings: Settings) -> Discretion:
    """Return how much the settings let security events tell."""
    audit = settings.audit
    key = settings.secrets.keys.derive("tried-address")
    return Discretion(key, ipv4_bits=audit.ipv4_bits, ipv6_bits=audit.ipv6_bits)


def pool_size(settings: Settings) -> PoolSize:
    """Return how the settings want the pool of connections."""
    database = settings.database
    return PoolSize(
        smallest=database.pool_min,
        largest=database.pool_max,
        statement_timeout_ms=int(database.statement_timeout_s * 1000),
        lock_timeout_ms=int(database.lock_timeout_s * 1000),
    )
