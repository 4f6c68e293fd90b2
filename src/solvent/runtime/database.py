"""The database as the process sees it: addresses by role, and the application's pool.

Every connection says which role it acts as in its start-up packet, so that a login that could do
more (a superuser's URL in development) still acts as ``solvent_app``, which owns nothing and is held
by every policy.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeAlias

import asyncpg

from solvent.kernel.errors import Refusal

Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record] | PooledConnection"
PooledConnection: TypeAlias = "asyncpg.pool.PoolConnectionProxy[asyncpg.Record]"

APP = "solvent_app"
OWNER = "solvent_owner"
VERIFIER = "solvent_verifier"
JOBS = "solvent_jobs"


PLANNING = {
    f"enable_{way}": "off"
    for way in ("seqscan", "bitmapscan", "indexonlyscan", "hashjoin", "mergejoin", "sort")
} | {"max_parallel_workers_per_gather": "0", "plan_cache_mode": "force_generic_plan"}
"""How statements of the application are planned: each looks up a household's rows by their keys, in
the order of their index. A plan made while a table was small, or before its statistics, would else
read a table whole, and be kept. So one plan is right for every question, and is made once. Statements
over whole batches say otherwise for their transaction."""


class DatabaseUnavailable(Refusal):
    """PostgreSQL cannot be reached, or has no connection to spare."""

    code = "runtime.database_unavailable"

    def __init__(self) -> None:
        """Say that trying again helps."""
        super().__init__("The database does not answer just now; nothing was changed. Try again.")


@dataclass(frozen=True, slots=True)
class DatabaseAddress:
    """Where the database is, by who asks: ``app`` for the application, ``owner`` for the schema.

    ``verifier`` reads all households; without an address of its own the owner's login acts as it.
    ``jobs`` works the queue; without one, the login that listens does.
    """

    app: str
    owner: str
    listen: str
    verifier: str | None = None
    jobs: str | None = None

    @property
    def reading_all(self) -> str:
        """Where to connect as the verifier."""
        return self.verifier or self.owner

    @property
    def queue(self) -> str:
        """Where to connect to work the queue of jobs."""
        return self.jobs or self.listen


@dataclass(frozen=True, slots=True)
class PoolSize:
    """How many connections a process holds, and how long it waits for one or for an answer."""

    smallest: int = 1
    largest: int = 20
    acquire_timeout_s: float = 2.0
    statement_timeout_ms: int = 30_000
    lock_timeout_ms: int = 10_000


async def connect(
    address: str, role: str, *, statement_timeout_ms: int = 0
) -> "asyncpg.Connection[asyncpg.Record]":
    """Open one connection that acts as ``role``; refuse clearly when the server is not there."""
    try:
        return await asyncpg.connect(
            address,
            timeout=10,
            server_settings=_session(role) | {"statement_timeout": str(statement_timeout_ms)},
        )
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as gone:
        raise DatabaseUnavailable from gone


class Database:
    """The application's pool of connections; ``open`` it, and ``close`` it at the end."""

    def __init__(self, address: DatabaseAddress, size: PoolSize) -> None:
        """Remember where and how many; nothing is opened yet."""
        self.address = address
        self._size = size
        self._pool: asyncpg.Pool[asyncpg.Record] | None = None
        self._lent = 0

    async def open(self) -> None:
        """Open the pool with its first connections."""
        self._pool = await asyncpg.create_pool(
            self.address.app,
            min_size=self._size.smallest,
            max_size=self._size.largest,
            reset=_nothing_to_reset,
            timeout=10,
            server_settings=_session(APP)
            | PLANNING
            | {
                "statement_timeout": str(self._size.statement_timeout_ms),
                "lock_timeout": str(self._size.lock_timeout_ms),
                "idle_in_transaction_session_timeout": "60000",
            },
        )

    async def close(self) -> None:
        """Close every connection, waiting a little for those in use."""
        if self._pool is not None:
            try:
                await asyncio.wait_for(self._pool.close(), timeout=5)
            except TimeoutError:
                self._pool.terminate()
            self._pool = None

    @asynccontextmanager
    async def connection(self) -> AsyncGenerator[PooledConnection, None]:
        """Lend a connection of the application; refuse when none is free in time."""
        if self._pool is None:
            raise DatabaseUnavailable
        try:
            # Waiting with a limit costs a task of its own, which is for nothing while one is free.
            free = self._lent < self._size.largest
            lent = await self._pool.acquire(timeout=None if free else self._size.acquire_timeout_s)
        except (TimeoutError, OSError, asyncpg.PostgresConnectionError) as gone:
            raise DatabaseUnavailable from gone
        except asyncpg.CannotConnectNowError as starting:
            raise DatabaseUnavailable from starting
        self._lent += 1
        try:
            yield lent
        finally:
            self._lent -= 1
            await self._pool.release(lent)


def _session(role: str) -> dict[str, str]:
    """Return the start-up packet's settings: the role acted as, and where names are looked up."""
    return {"role": role, "search_path": "solvent", "jit": "off", "timezone": "UTC"}


async def _nothing_to_reset(_: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Leave a returned connection as it is: every setting of ours ends with its transaction."""
