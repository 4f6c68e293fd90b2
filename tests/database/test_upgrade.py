"""A household moves house: from a cluster of Debian's PostgreSQL 15 into the embedded 18, by dump and restore."""

import asyncio
import subprocess
from collections.abc import Callable, Generator
from datetime import date
from io import BytesIO

import asyncpg
import pytest

from solvent.entrypoints.demonstration.files import bank_files
from solvent.entrypoints.verification import verify
from solvent.households.domain import NewHousehold
from solvent.households.operations.sign_up import sign_up
from solvent.intake.operations.import_file import Upload, import_file
from solvent.ledger.operations.open_books import open_books
from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.schema import migrate
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.conftest import NO_PASSWORD
from tests.database.servers import DEBIAN, Server

FIGURES = {
    "balances": "select household_id, account_id, sum(amount_minor) from posting group by 1, 2 order by 1, 2",
    "journal": "select household_id, seq, hash from journal order by 1, 2",
    "rows": "select count(*) from source_item",
}


House = tuple[Server, str]


@pytest.fixture
def old_house(servers: Callable[[str], Server]) -> Generator[House, None, None]:
    """A migrated database on Debian's 15."""
    server = servers("debian-15")
    name = server.migrated()
    yield server, name
    server.drop(name)


@pytest.fixture
def new_house(servers: Callable[[str], Server]) -> Generator[House, None, None]:
    """An empty database on the embedded 18, where the roles are made already."""
    server = servers("embedded-18")
    name = server.empty()
    yield server, name
    server.drop(name)


async def live_in(house: House, clock: HandMovedClock) -> None:
    """Sign somebody up, and bring a bank's file into their books."""
    server, name = house
    database = Database(server.address(name), PoolSize(smallest=1, largest=2))
    await database.open()
    async with Works(database, clock).for_nobody(cause="test") as work:
        await sign_up(
            work,
            email="alma@example.org",
            name="Alma Example",
            password=NO_PASSWORD,
            household=NewHousehold("Home", "EUR"),
            open_books=open_books,
        )
        file = next(f for f in bank_files(until=date(2026, 3, 14)) if f.name.endswith("ofx"))
        await import_file(work, upload=Upload(BytesIO(file.content), file.name), commit=True)
    await database.close()


async def test_a_household_moves_from_debians_15_into_the_embedded_18(
    old_house: House, new_house: House, clock: HandMovedClock
) -> None:
    await live_in(old_house, clock)
    old, new = (server.admin(name) for server, name in (old_house, new_house))
    before = await figures(old)
    assert before["balances"]
    await asyncio.to_thread(move, old, new)

    address = new_house[0].address(new_house[1])
    assert await figures(new) == before
    assert await verify(address) == []
    assert not await migrate(address), "the schema that came along is the newest"
    assert await postings_seen(address) == 0, "row-level security came along"


def move(old: str, new: str) -> None:
    """Dump the one and restore into the other, as an operator would."""
    dumped = subprocess.run(
        [DEBIAN / "pg_dump", "--dbname", old], capture_output=True, timeout=60, check=True
    )
    restored = subprocess.run(
        [DEBIAN / "psql", "--quiet", "--set", "ON_ERROR_STOP=1", "--dbname", new],
        input=dumped.stdout,
        capture_output=True,
        timeout=60,
        check=False,
    )
    assert restored.returncode == 0, restored.stderr.decode()


async def figures(admin: str) -> dict[str, list[tuple[object, ...]]]:
    """Return what must be the same in both houses."""
    connection = await asyncpg.connect(admin)
    try:
        await connection.execute("set search_path to solvent")
        return {
            name: [tuple(row) for row in await connection.fetch(query)]
            for name, query in FIGURES.items()
        }
    finally:
        await connection.close()


async def postings_seen(address: DatabaseAddress) -> int:
    """Return how many postings the application sees without a household's scope."""
    connection = await asyncpg.connect(address.app)
    try:
        await connection.execute("set search_path to solvent")
        seen: int = await connection.fetchval("select count(*) from posting")
        return seen
    finally:
        await connection.close()
