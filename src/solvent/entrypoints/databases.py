"""The database of an installation, lent to a command: by URL, attached to, or started for a while.

Without a URL it is the embedded server of the data directory. The process that serves owns that;
every other command attaches through its socket, or starts it for as long as the command takes.
"""

import asyncio
from collections.abc import Coroutine, Generator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import asyncpg

from solvent.kernel.errors import Refusal
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.embedded.address import Address, attach
from solvent.runtime.embedded.supervisor import EmbeddedServer
from solvent.runtime.environment import process_environment
from solvent.runtime.whereabouts import Whereabouts, whereabouts

T = TypeVar("T")

CLUSTER = "pgdata"

_NOT_MIGRATED = (
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedColumnError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.InvalidParameterValueError,  # the role that is acted as is not there
)
_NOT_LET_IN = (
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidCatalogNameError,
    asyncpg.InsufficientPrivilegeError,
)


class SchemaBehind(Refusal):
    """The database does not have the schema that this release works with."""

    code = "entrypoints.schema_behind"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "The database does not have the schema of this release; run `solvent migrate` first."
        )


class NotLetIn(Refusal):
    """PostgreSQL does not let the login in, or not do what it must."""

    code = "entrypoints.not_let_in"

    def __init__(self, said: str) -> None:
        """Repeat what PostgreSQL said."""
        super().__init__(
            f"The database refuses: {said}. Check SOLVENT_DATABASE_URL and SOLVENT_DB_OWNER_URL."
        )


class NoBooks(Refusal):
    """The data directory holds no books."""

    code = "entrypoints.no_books"

    def __init__(self, data_dir: Path) -> None:
        """Name the directory and the remedy."""
        super().__init__(
            f"There are no books in {data_dir}. Name the right directory with --data-dir, or make "
            "new books with `solvent migrate`."
        )


def place(data_dir: Path | None) -> Whereabouts:
    """Find out where the database is; ``data_dir`` is what the command line says."""
    flags = {} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)}
    return whereabouts(process_environment(), flags=flags)


@contextmanager
def database_at(where: Whereabouts, *, make: bool = False) -> Generator[DatabaseAddress]:
    """Lend the database; refuse a data directory without books unless told to ``make`` them.

    Call it from the main thread: it may have to start the server.
    """
    external = external_address(where)
    if external is not None:
        yield external
        return
    if where.data_dir is None:
        raise RuntimeError("there is neither a URL nor a data directory")
    running = attach(where.data_dir)
    if running is not None:
        yield embedded_address(running)
        return
    if not make and not (where.data_dir / CLUSTER).exists():
        raise NoBooks(where.data_dir)
    with EmbeddedServer.start(where.data_dir) as server:
        yield embedded_address(server.address)


def external_address(where: Whereabouts) -> DatabaseAddress | None:
    """Return the address of the database that a URL names, or None for the embedded one."""
    if where.url is None:
        return None
    owner = where.owner_url or where.url
    return DatabaseAddress(where.url, owner, where.listen_url or owner)


def embedded_address(address: Address) -> DatabaseAddress:
    """Return the address of an embedded server, by the role that asks."""
    return DatabaseAddress(
        app=address.dsn("solvent_app"),
        owner=address.dsn("solvent_owner"),
        listen=address.dsn("solvent_jobs"),
        verifier=address.dsn("solvent_verifier"),
        jobs=address.dsn("solvent_jobs"),
    )


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run ``work`` to its end; what PostgreSQL says of a wrong database becomes a refusal."""
    try:
        return asyncio.run(work)
    except _NOT_MIGRATED as behind:
        raise SchemaBehind from behind
    except _NOT_LET_IN as shut:
        raise NotLetIn(str(shut)) from shut
