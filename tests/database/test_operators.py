"""Operators: named, with two factors, from their networks; every look noted, and nothing of the books."""

import json
from typing import Any
from uuid import UUID

import httpx2
import pytest

from solvent.entrypoints.cli.person import SET_OPERATOR
from solvent.kernel.errors import NotFound
from solvent.oversight.operations.requeue_job import requeue_job
from solvent.oversight.store.installation import Installation
from solvent.runtime.database import APP, OWNER, DatabaseAddress, connect
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.scope import Credential
from solvent.runtime.work import Works
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


async def test_from_a_foreign_network_there_are_no_such_pages(
    operator: Member, app: Outermost, address: DatabaseAddress
) -> None:
    transport = httpx2.ASGITransport(app, client=("9.9.9.9", 4711))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as abroad:
        answers = [
            await abroad.get(f"/api/v1/operator/{path}", headers=operator.headers) for path in PATHS
        ]
    assert [answer.status_code for answer in answers] == [404] * 3
    refused = [event for event in await events(address) if event["kind"] == "operator.refused"]
    assert [json.loads(event["facts"])["why"] for event in refused] == ["network"] * 3


async def test_a_job_that_was_given_up_is_seen_and_tried_again_by_operators_alone(
    operator: Member, neighbour: Member, works: Works, address: DatabaseAddress
) -> None:
    job = await as_owner(
        address,
        "insert into job (priority, status, entrypoint) values (0, 'failed', 'x') returning id",
    )
    credential = Credential(session=await session_of(address, neighbour))
    async with works.for_session(credential, None, cause="test") as work:
        assert await Installation(work).failed_jobs(after=0, limit=5) == []
        assert not await Installation(work).retry(job)
    credential = Credential(session=await session_of(address, operator))
    async with works.for_session(credential, None, cause="test") as work:
        installation = Installation(work)
        assert (await installation.overview()).failed_jobs == 1
        assert [each.id for each in await installation.failed_jobs(after=0, limit=5)] == [job]
        await requeue_job(work, installation, job=job)
        assert (await installation.overview()).waiting_jobs >= 1
        with pytest.raises(NotFound):
            await requeue_job(work, installation, job=job)
    assert kinds(await events(address))[-1] == "operator.acted"


async def session_of(address: DatabaseAddress, member: Member) -> UUID:
    found: UUID = await as_owner(
        address, "select id from session where person_id = $1 limit 1", member.person
    )
    return found


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
        answer = await log_in(neighbour.client, "bruno@example.org")
        if answer.status_code != 200:
            assert answer.json()["code"] == "identity.person_disabled"
            return int(answer.status_code)
        pair = answer.json()
        headers = {"authorization": f"Bearer {pair['access_token']}"}
        return (await neighbour.client.get("/api/v1/me", headers=headers)).status_code

    assert await put("disabled") == 204
    assert (await neighbour.get("/api/v1/me")).status_code == 401
    assert await may_ask() == 403
    wrong = await log_in(neighbour.client, "bruno@example.org", "not their password")
    assert wrong.json()["code"] == "identity.wrong_credentials"
    assert await put("enabled") == 204
    assert await may_ask() == 200
    assert await put("logged_out") == 204
    assert (await neighbour.get("/api/v1/me")).status_code == 401
    assert await put("disabled", operator.person) == 404
    told = kinds(await events(address))
    assert {
        "login.disabled",
        "person.disabled",
        "person.enabled",
        "sessions.ended",
        "operator.acted",
    } <= set(told)


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
