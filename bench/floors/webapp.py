"""Floor: a hello route, and the newest 50 rows from asyncpg to JSON through msgspec.

Served by the same server and event loop as Solvent, from the database that ``BENCH_FLOOR_DSN``
names.
"""

import os
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date

import asyncpg
import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

NEWEST = """
    select e.id, e.day, e.account, e.amount, p.name, e.memo
      from entry e join payee p on p.id = e.payee order by e.day desc limit 50
"""


class Row(msgspec.Struct):
    """One row of the list."""

    id: int
    day: date
    account: int
    amount: int
    payee: str
    memo: str


encoder = msgspec.json.Encoder()


@asynccontextmanager
async def lifespan(app: Starlette) -> AsyncGenerator[None, None]:
    """Hold a pool while the application runs."""
    async with asyncpg.create_pool(os.environ["BENCH_FLOOR_DSN"], min_size=1, max_size=4) as pool:
        app.state.pool = pool
        yield


async def hello(_: Request) -> Response:
    """Answer without asking anything."""
    return PlainTextResponse("hello")


async def newest(request: Request) -> Response:
    """Answer with the newest 50 rows."""
    rows = await request.app.state.pool.fetch(NEWEST)
    return Response(encoder.encode([Row(*row) for row in rows]), media_type="application/json")


app = Starlette(routes=[Route("/hello", hello), Route("/newest", newest)], lifespan=lifespan)
