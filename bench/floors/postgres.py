"""Floor: the same rows and questions in PostgreSQL, bare tables and hand-written SQL over asyncpg.

The server is the very one that Solvent embeds, with the same settings, in a folder of its own;
fsync and synchronous_commit stay on.
"""

import asyncio
from pathlib import Path
from typing import Any, TypeAlias

import asyncpg

from bench.floors.statements import (
    BANK,
    BOOKS,
    BOOKS_INDEXES,
    FOUND,
    MONTH,
    MOVE,
    MOVED,
    SPENDING,
    SUMS,
    TAKE,
)
from bench.household import ACCOUNTS, INCOME, PAYEES, SEARCH, Cells, Household, Row, running
from solvent.runtime.embedded.cluster import SUPERUSER
from solvent.runtime.embedded.supervisor import EmbeddedServer

MOVED_AT_ONCE = 1_000
Connection: TypeAlias = "asyncpg.Connection[asyncpg.Record]"


class BarePostgres:
    """A running server with one connection; asked from ordinary code."""

    def __init__(self, data: Path) -> None:
        """Start a server whose files are in ``data``."""
        self._server = EmbeddedServer.start(data)
        self.host = self._server.address.host
        self.dsn = self._server.address.dsn(SUPERUSER)
        pid_file = data / "pgdata" / "postmaster.pid"
        self.pid = int(pid_file.read_text(encoding="utf-8").splitlines()[0])
        self.has_bank = False
        self._moved_to = 0
        self._loop = asyncio.new_event_loop()
        self._connection: Connection = self._run(self._connect())

    def close(self) -> None:
        """Stop the server."""
        self._run(self._connection.close())
        self._loop.close()
        self._server.stop()

    def empty(self) -> None:
        """Make the table of W1 anew."""
        self.has_bank = True
        self._run(self._connection.execute(BANK))
        self._run(self._connection.execute("checkpoint"))

    def take(self, household: Household) -> int:
        """Import the six files in one transaction; return how many rows were new."""
        return int(self._run(self._take(household)))

    def held(self) -> tuple[dict[str, int], int]:
        """Return the sum of each account's rows, and how many rows there are."""
        rows = self._run(self._connection.fetch(SUMS))
        return {ACCOUNTS[row[0]].name: row[1] for row in rows}, sum(row[2] for row in rows)

    def load(self, household: Household) -> None:
        """Fill the categorised books that the questions are asked of."""
        self._run(self._load(household))

    def spending(self) -> Cells:
        """Answer W3."""
        names = self._named("category")
        return {(month, names[place]): spent for month, place, spent in self.ask_spending()}

    def balances(self, household: Household) -> Cells:
        """Answer W4."""
        rows = self.ask_moved()
        moved = {(month, ACCOUNTS[place].name): minor for month, place, minor in rows}
        return running(moved, household.months)

    def ask_spending(self) -> list[Any]:
        """Ask W3 and leave the rows as they are."""
        return list(self._run(self._connection.fetch(SPENDING)))

    def ask_moved(self) -> list[Any]:
        """Ask W4 and leave the rows as they are."""
        return list(self._run(self._connection.fetch(MOVED)))

    def move(self) -> None:
        """Do W7: move the newest rows to another category and sum the month by category."""
        self._moved_to = 1 - self._moved_to
        self._run(self._connection.execute(MOVE, self._moved_to, MOVED_AT_ONCE))
        self._run(self._connection.fetch(MONTH))

    def found(self) -> list[str]:
        """Answer W5."""
        asked = SEARCH
        bounds = (asked.min_minor, asked.max_minor, asked.first, asked.last, asked.limit)
        rows = self._run(self._connection.fetch(FOUND, f"%{asked.payee}%", *bounds))
        return [row[0].isoformat() for row in rows]

    def _named(self, table: str) -> dict[int, str]:
        return dict(self._run(self._connection.fetch(f"select id, name from {table}")))

    def _run(self, answer: Any) -> Any:
        return self._loop.run_until_complete(answer)

    async def _connect(self) -> Connection:
        # A generic plan of W5 would cost ten times a custom one: a floor takes the better.
        settings = {"plan_cache_mode": "force_custom_plan"}
        return await asyncpg.connect(self.dsn, server_settings=settings)

    async def _take(self, household: Household) -> int:
        added = 0
        async with self._connection.transaction():
            for place, path in enumerate(household.csv_files):
                await self._connection.copy_to_table(
                    "stage", source=path, format="csv", header=True
                )
                status = await self._connection.execute(TAKE, place)
                added += int(status.rpartition(" ")[2])
                await self._connection.execute("truncate stage")
        return added

    async def _load(self, household: Household) -> None:
        connection = self._connection
        categories = list(dict.fromkeys(payee.category for payee in PAYEES))
        number = {name: place for place, name in enumerate(categories)}
        await connection.execute(BOOKS)
        tables: dict[str, list[tuple[object, ...]]] = {
            "account": [(place, account.name) for place, account in enumerate(ACCOUNTS)],
            "category": [(place, name, name == INCOME) for name, place in number.items()],
            "payee": [(n, payee.name, number[payee.category]) for n, payee in enumerate(PAYEES)],
            "entry": [
                _entry(place, row, number[PAYEES[row.payee].category])
                for place, row in enumerate(household.rows)
            ],
        }
        for name, records in tables.items():
            await connection.copy_records_to_table(name, records=records)
        await connection.execute(BOOKS_INDEXES)
        await connection.execute("vacuum analyze")


def _entry(place: int, row: Row, category: int) -> tuple[object, ...]:
    """Return the record of ``row`` in the order of the table's columns."""
    told = row.note, row.reference
    return (place, row.account, row.day, row.amount_minor, row.payee, category, *told)
