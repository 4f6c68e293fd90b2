"""One household sees nothing of another's, by any route and by any statement."""

from uuid import UUID

import asyncpg
import pytest

from solvent.kernel.errors import NotFound
from solvent.runtime.database import APP, Database, DatabaseAddress, connect
from solvent.runtime.work import Works
from tests.database.clients import Member

HOUSEHOLD_TABLES = """
    select c.relname, c.relrowsecurity, c.relforcerowsecurity, pg_get_userbyid(c.relowner) as owner,
           (select count(*) from pg_policy p where p.polrelid = c.oid)::integer as policies
      from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'solvent' and c.relkind in ('r', 'p')
       and (c.relname = 'household' or exists (
            select from pg_attribute a
             where a.attrelid = c.oid and a.attname = 'household_id' and not a.attisdropped))
"""


async def test_every_household_table_is_held_by_policies_whoever_owns_it(
    address: DatabaseAddress,
) -> None:
    connection = await connect(address.owner, "solvent_owner")
    try:
        tables = await connection.fetch(HOUSEHOLD_TABLES)
    finally:
        await connection.close()
    assert len(tables) > 10
    unprotected = [
        table["relname"]
        for table in tables
        if not (table["relrowsecurity"] and table["relforcerowsecurity"] and table["policies"])
    ]
    assert unprotected == []
    assert {table["owner"] for table in tables} == {"solvent_owner"}


async def test_the_applications_role_owns_nothing_and_passes_no_policy(
    address: DatabaseAddress,
) -> None:
    connection = await connect(address.app, APP)
    try:
        assert await connection.fetchval("select current_user") == APP
        role = await connection.fetchrow(
            "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles"
            " where rolname = current_user"
        )
        owned = await connection.fetchval(
            "select count(*) from pg_class where pg_get_userbyid(relowner) = current_user"
        )
    finally:
        await connection.close()
    assert role is not None
    assert list(role) == [False] * 4
    assert owned == 0


async def test_without_a_scope_there_is_nothing_at_all(
    signed_up: Member, database: Database
) -> None:
    assert signed_up.household
    async with database.connection() as connection:
        for table in ("household", "membership", "journal", "account"):
            assert await connection.fetchval(f"select count(*) from {table}") == 0, table


async def test_another_scope_reads_and_changes_nothing_of_ours(
    signed_up: Member, neighbour: Member, works: Works
) -> None:
    async with works.for_machine(neighbour.household, cause="test") as work:
        for table in ("membership", "journal", "account"):
            seen = await work.connection.fetch(f"select distinct household_id from {table}")
            assert [row[0] for row in seen] == [neighbour.household], table
        assert await work.execute("update household set name = 'ours'") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await work.execute(
                "insert into membership (household_id, person_id, role, created_at)"
                " values ($1, $2, 'owner', now())",
                signed_up.household,
                neighbour.person,
            )


async def test_the_routes_of_another_household_look_as_if_it_were_not_there(
    signed_up: Member, neighbour: Member
) -> None:
    nowhere = UUID(int=0)
    for route in ("accounts", "transactions", "changes", "balances"):
        for household in (neighbour.household, nowhere):
            answer = await signed_up.get(f"/api/v1/households/{household}/{route}")
            assert answer.status_code == 404, route
    me = (await signed_up.get("/api/v1/me")).json()
    assert [each["id"] for each in me["households"]] == [str(signed_up.household)]


async def test_a_machine_finds_no_household_that_is_not_there(works: Works) -> None:
    with pytest.raises(NotFound):
        async with works.for_machine(UUID(int=1), cause="test"):
            pass


async def test_the_scope_ends_with_its_work(signed_up: Member, works: Works) -> None:
    async with works.for_machine(signed_up.household, cause="test") as work:
        assert await work.value("select count(*) from household") == 1
    async with works.for_nobody(cause="test") as work:
        assert await work.value("select count(*) from household") == 0
