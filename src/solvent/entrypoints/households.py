"""A household as the command line names it, and works in it."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import UUID

from solvent.kernel.errors import BadValue, NotFound
from solvent.runtime.database import VERIFIER, Database, DatabaseAddress, PoolSize, connect
from solvent.runtime.statements import sql
from solvent.runtime.systemclock import SystemClock
from solvent.runtime.work import Works

PATIENT = PoolSize(
    smallest=1,
    largest=2,
    acquire_timeout_s=30.0,
    statement_timeout_ms=600_000,
    lock_timeout_ms=60_000,
)

NAMED = sql("select id from household where name = $1 order by id limit 2")


@asynccontextmanager
async def works_at(address: DatabaseAddress) -> AsyncGenerator[Works]:
    """Lend works on the database at ``address``, patient ones."""
    database = Database(address, PATIENT)
    await database.open()
    try:
        yield Works(database, SystemClock())
    finally:
        await database.close()


async def household_called(address: DatabaseAddress, text: str) -> UUID:
    """Return the household whose id or name is ``text``; refuse a name that several have."""
    try:
        return UUID(text)
    except ValueError:
        connection = await connect(address.reading_all, VERIFIER)
    try:
        found = [row[0] for row in await connection.fetch(NAMED, text)]
    finally:
        await connection.close()
    if not found:
        raise NotFound("household")
    if len(found) > 1:
        raise BadValue(
            f"Several households are called “{text}”; name one by its id, which "
            "`solvent household list` shows.",
            field="household",
        )
    return UUID(str(found[0]))
