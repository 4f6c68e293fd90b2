"""Every statement of the house is one that PostgreSQL understands, as the application."""

import asyncio
import importlib
import pkgutil

import asyncpg
import pytest

import solvent
from solvent.runtime.database import APP, Connection, connect
from solvent.runtime.statements import STATEMENTS, TEMPORARY
from tests.database.servers import Server

ENTRY_POINTS = "solvent.entrypoints"


def every_statement() -> list[str]:
    for module in pkgutil.walk_packages(solvent.__path__, "solvent."):
        if not module.name.startswith(ENTRY_POINTS):
            importlib.import_module(module.name)
    return sorted(set(STATEMENTS))


async def fault(connection: Connection, statement: str) -> list[str]:
    try:
        async with connection.transaction():
            await connection.prepare(statement)
    except asyncpg.PostgresError as error:
        return [f"{error}: {statement}"]
    return []


def test_every_statement_can_be_prepared(server: Server, template: str) -> None:
    async def refused() -> list[str]:
        connection = await connect(server.address(template).app, APP)
        wrong: list[str] = []
        try:
            statements = every_statement()
            async with connection.transaction():
                for made in sorted(set(TEMPORARY)):
                    await connection.execute(made)
                for statement in statements:
                    wrong.extend(await fault(connection, statement))
        finally:
            await connection.close()
        return wrong

    assert asyncio.run(refused()) == []


def test_there_are_statements_to_prepare() -> None:
    assert len(every_statement()) > 30


@pytest.mark.parametrize("statement", ["select nothing from nowhere", "selct 1"])
def test_a_statement_that_is_wrong_is_found(server: Server, template: str, statement: str) -> None:
    async def prepare() -> None:
        connection = await connect(server.address(template).app, APP)
        try:
            await connection.prepare(statement)
        finally:
            await connection.close()

    with pytest.raises(Exception, match=r"does not exist|syntax error"):
        asyncio.run(prepare())
