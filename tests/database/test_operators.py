"""Operators: named, with two factors, from their networks; every look noted, and nothing of the books."""

import json
from typing import Any

import pytest

from solvent.entrypoints.cli.person import SET_OPERATOR
from solvent.runtime.database import APP, OWNER, DatabaseAddress, connect
from tests.clocks import HandMovedClock
from tests.database.clients import Member, log_in
from tests.database.test_security_journal import events, kinds

PATHS = ("people", "households", "events")


async def as_owner(address: DatabaseAddress, statement: str, *arguments: object) -> Any:
    owner = await connect(address.owner, OWNER)
    try:
        return await owner.fetchval(statement, *arguments)
    finally:
        await owner.close()


@pytest.fixture
async def operator(signed_up: Member, address: DatabaseAddress, clock: HandMovedClock) -> Member:
    """Somebody who was made an operator, and has shown two factors."""
    await as_owner(address, SET_OPERATOR, "alma@example.org", True, clock.now())  # noqa: FBT003 - SQL
    await as_owner(address, "update session set multi_factor = true")
    return signed_up


async def looked(member: Member) -> list[int]:
    return [(await member.get(f"/api/v1/operator/{path}")).status_code for path in PATHS]


async def test_for_everybody_else_there_are_no_such_pages(
    operator: Member, neighbour: Member, address: DatabaseAddress
) -> None:
    assert operator
    assert await looked(neighbour) == [404] * 3
    path = f"/api/v1/operator/people/{operator.person}/state"
    body = {"state": "disabled"}
    answer = await neighbour.client.put(path, json=body, headers=neighbour.headers)
    assert answer.status_code == 404
    assert kinds(await events(address))[-1] == "access.refused"


async def test_an_operator_needs_a_second_factor_and_it_is_noted(
    operator: Member, address: DatabaseAddress
) -> None:
    await as_owner(address, "update session set multi_factor = false")
    assert await looked(operator) == [404] * 3
    refused = [event for event in await events(address) if event["kind"] == "operator.refused"]
    assert [json.loads(event["facts"])["why"] for event in refused] == ["one factor"] * 3


async def test_people_households_and_events_are_seen_and_each_look_is_noted(
    operator: Member, neighbour: Member, address: DatabaseAddress
) -> None:
    assert await looked(operator) == [200] * 3
    people = (await operator.get("/api/v1/operator/people", params={"search": "BRUNO"})).json()
    assert [each["id"] for each in people["items"]] == [str(neighbour.person)]
    households = (await operator.get("/api/v1/operator/households", params={"limit": 1})).json()
    assert set(households["items"][0]) == {"id", "name", "created_at", "members", "records"}
    rest = await operator.get(
        "/api/v1/operator/households", params={"cursor": households["next_cursor"]}
    )
    assert [each["id"] for each in rest.json()["items"]] == [str(operator.household)]
    granted = await operator.get("/api/v1/operator/events", params={"kind": "operator.granted"})
    assert [each["person"] for each in granted.json()["items"]] == [str(operator.person)]
    found = [event for event in await events(address) if event["kind"] == "operator.looked"]
    assert len(found) == 7
    assert {event["person_id"] for event in found} == {operator.person}


async def test_a_disabled_person_is_out_at_once_and_stays_out_until_enabled(
    operator: Member, neighbour: Member, address: DatabaseAddress
) -> None:
    async def put(state: str, person: object = neighbour.person) -> int:
        path = f"/api/v1/operator/people/{person}/state"
        answer = await operator.client.put(path, json={"state": state}, headers=operator.headers)
        return answer.status_code

    async def may_ask() -> int:
        pair = (await log_in(neighbour.client, "bruno@example.org")).json()
        headers = {"authorization": f"Bearer {pair['access_token']}"}
        return (await neighbour.client.get("/api/v1/me", headers=headers)).status_code

    assert await put("disabled") == 204
    assert (await neighbour.get("/api/v1/me")).status_code == 401
    assert await may_ask() == 401
    assert await put("enabled") == 204
    assert await may_ask() == 200
    assert await put("logged_out") == 204
    assert (await neighbour.get("/api/v1/me")).status_code == 401
    assert await put("disabled", operator.person) == 404
    told = kinds(await events(address))
    assert {"person.disabled", "person.enabled", "sessions.ended", "operator.acted"} <= set(told)


async def test_the_application_can_make_nobody_an_operator(
    signed_up: Member, address: DatabaseAddress
) -> None:
    assert signed_up
    connection = await connect(address.app, APP)
    try:
        for statement in (
            "insert into operator_grant select id, now() from person",
            "select set_operator('alma@example.org', true, now())",
            "delete from disabled_person",
        ):
            with pytest.raises(Exception, match="permission denied"):
                await connection.execute(statement)
    finally:
        await connection.close()
