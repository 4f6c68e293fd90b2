"""Health: whether this process can do its work. Liveness stands in ``outermost``."""

import asyncio

import asyncpg
from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.runtime.database import Database, DatabaseUnavailable
from solvent.runtime.edge.answers import NO_STORE, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.versions import RELEASE
from solvent.runtime.statements import sql

PING_TIMEOUT_S = 1.0
PING = sql("select 1")

router = APIRouter(tags=["health"])


@router.get("/readiness", include_in_schema=False)
@router.get("/api/health", include_in_schema=False)
@router.get("/health/startup", responses=problems(503))
@router.get("/health/readiness", responses=problems(503))
@router.get("/health", responses=problems(503))
async def get_health(request: Request) -> Response:
    """Say whether the database answers within a second."""
    database: Database = request.app.state.database
    if await answers(database):
        degraded = request.app.state.limits_are_degraded()
        limits = "degraded" if degraded else "whole"
        return json_answer(
            {"status": "ready", "release": RELEASE, "limits": limits}, headers=NO_STORE
        )
    raise DatabaseUnavailable


async def answers(database: Database) -> bool:
    """Ask the database the least question there is, with a second of patience."""
    try:
        async with asyncio.timeout(PING_TIMEOUT_S), database.connection() as connection:
            return bool(await connection.fetchval(PING))
    except (TimeoutError, OSError, DatabaseUnavailable, asyncpg.PostgresError):
        return False
    except asyncpg.InterfaceError:
        return False
