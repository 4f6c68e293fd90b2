"""Floor: a new process that connects to PostgreSQL and asks W4; run with the server's address."""

import asyncio
import json
import sys

import asyncpg

from bench.floors.statements import MOVED


async def answer(dsn: str) -> None:
    """Ask once and print what came, as JSON."""
    connection = await asyncpg.connect(dsn)
    rows = await connection.fetch(MOVED)
    await connection.close()
    print(json.dumps([list(row) for row in rows]))


if __name__ == "__main__":
    asyncio.run(answer(sys.argv[1]))
