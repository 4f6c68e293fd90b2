"""Migrating: once, by one of many, and never back."""

import asyncio
from collections.abc import Callable, Generator
from dataclasses import replace

import pytest

from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.schema import RolesMissing, SchemaNewer, migrate, versions
from tests.database.servers import Server


@pytest.fixture
def empty(server: Server) -> Generator[DatabaseAddress, None, None]:
    name = server.empty()
    yield server.address(name)
    server.drop(name)


async def test_processes_that_start_at_once_migrate_once(empty: DatabaseAddress) -> None:
    done = await asyncio.gather(*(migrate(empty) for _ in range(3)))
    assert sorted(done) == [False, False, True]
    assert await migrate(empty) is False
    connection = await connect(empty.owner, OWNER)
    try:
        assert await connection.fetchval("select version_num from schema_version") == versions()[-1]
    finally:
        await connection.close()


async def test_a_schema_of_a_newer_release_is_refused(address: DatabaseAddress) -> None:
    connection = await connect(address.owner, OWNER)
    try:
        await connection.execute("update schema_version set version_num = '9999_later'")
    finally:
        await connection.close()
    with pytest.raises(SchemaNewer, match="9999_later"):
        await migrate(address)


def test_a_login_that_may_not_grant_is_told_what_an_administrator_runs(
    servers: Callable[[str], Server],
) -> None:
    server = servers("embedded-18")
    name = server.empty()
    address = server.address(name)
    weak = address.app.replace("user=solvent_app", "user=solvent_backup")
    try:
        with pytest.raises(RolesMissing, match="CREATE ROLE solvent_app NOLOGIN;"):
            asyncio.run(migrate(replace(address, owner=weak)))
    finally:
        server.drop(name)
