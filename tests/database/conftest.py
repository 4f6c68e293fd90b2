"""Two lanes: committed, in a clone of a migrated template on either server; and rolled back."""

import os
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import cast

import httpx2
import pytest
from fastapi import FastAPI

from solvent.entrypoints.asgi import create_app
from solvent.households.domain import NewHousehold
from solvent.households.operations.sign_up import sign_up
from solvent.ledger.operations.open_books import open_books
from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import load
from solvent.runtime.work import Work, Works
from tests.clocks import HandMovedClock
from tests.database.clients import Member, opened_client, registered
from tests.database.servers import Server, debian, embedded

SMALL = PoolSize(smallest=1, largest=6, acquire_timeout_s=20)
NO_PASSWORD = PasswordHash("$2b$04$" + "." * 53)

ROLLED_BACK_ON = "embedded-18"


class _RolledBack(Exception):  # noqa: N818 - no error: it ends a test's transaction
    """Ends the transaction of a test, and is seen by nobody."""


@pytest.fixture(scope="session")
def database_prefix(worker_id: str) -> str:
    return f"solvent_test_{worker_id}_{os.getpid()}"


@pytest.fixture(scope="session")
def servers(database_prefix: str) -> Generator[Callable[[str], Server], None, None]:
    """Start each server when it is first asked for."""
    started: dict[str, Server] = {}
    makers = {"embedded-18": embedded, "debian-15": debian}
    with ExitStack() as stack:

        def of(name: str) -> Server:
            if name not in started:
                started[name] = stack.enter_context(makers[name](database_prefix))
            return started[name]

        yield of


@pytest.fixture(scope="session", params=["embedded-18", "debian-15"])
def server(request: pytest.FixtureRequest, servers: Callable[[str], Server]) -> Server:
    """Both ends of what is supported; a test that commits runs on each."""
    found: Server = servers(request.param)
    return found


@pytest.fixture(scope="session")
def template(server: Server) -> Generator[str, None, None]:
    name = server.migrated()
    yield name
    server.drop(name)


@pytest.fixture
async def address(server: Server, template: str) -> AsyncGenerator[DatabaseAddress, None]:
    """A database of the test's own."""
    async with server.cloned(template) as name:
        yield server.address(name)


@pytest.fixture
async def database(address: DatabaseAddress) -> AsyncGenerator[Database, None]:
    opened = Database(address, SMALL)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
def works(database: Database, clock: HandMovedClock) -> Works:
    return Works(database, clock)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """Settings of the test environment, read as any others are."""
    loaded = load(
        {
            "SOLVENT_ENV": "test",
            "SOLVENT_DATA_DIR": str(tmp_path),
            "SOLVENT_BCRYPT_COST": "4",
            "SOLVENT_RATE_IP": "100000/minute",
            "SOLVENT_RATE_ACCOUNT": "100000/minute",
            "SOLVENT_RATE_AUTH": "1000/minute",
            "SOLVENT_DB_POOL_MAX": "6",
        }
    )
    assert loaded.settings is not None, loaded.findings
    return loaded.settings


@pytest.fixture
async def app(
    settings: Settings, address: DatabaseAddress, clock: HandMovedClock
) -> AsyncGenerator[Outermost, None]:
    """The application, started."""
    made = create_app(settings, address, clock=clock)
    inside = cast("FastAPI", made.app)
    async with inside.router.lifespan_context(inside):
        yield made


@pytest.fixture
async def app_client(app: Outermost) -> AsyncGenerator[httpx2.AsyncClient, None]:
    """A client that nobody has logged in with."""
    async with opened_client(app) as client:
        yield client


@pytest.fixture
async def signed_up(app_client: httpx2.AsyncClient) -> Member:
    """Somebody who has registered and logged in, for real."""
    return await registered(app_client, "alma@example.org")


@pytest.fixture
async def neighbour(app: Outermost, signed_up: Member) -> AsyncGenerator[Member, None]:
    """Somebody else, with a household of their own, in the same database."""
    assert signed_up
    async with opened_client(app) as client:
        yield await registered(client, "bruno@example.org")


@pytest.fixture(scope="session")
def shared_name(servers: Callable[[str], Server]) -> Generator[str, None, None]:
    """The database of the rolled-back lane, which stays as it was migrated."""
    server = servers(ROLLED_BACK_ON)
    name = server.migrated()
    yield name
    server.drop(name)


@pytest.fixture(scope="session")
async def shared_database(
    servers: Callable[[str], Server], shared_name: str, anyio_backend: str
) -> AsyncGenerator[Database, None]:
    assert anyio_backend
    opened = Database(servers(ROLLED_BACK_ON).address(shared_name), SMALL)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def work(shared_database: Database, clock: HandMovedClock) -> AsyncGenerator[Work, None]:
    """A work scoped to a new household with open books; nothing of it is kept."""
    works = Works(shared_database, clock)
    with suppress(_RolledBack):
        async with works.for_nobody(cause="test") as opened:
            await sign_up(
                opened,
                email="alma@example.org",
                name="Alma Example",
                password=NO_PASSWORD,
                household=NewHousehold("Home", "EUR"),
                open_books=open_books,
            )
            yield opened
            raise _RolledBack
