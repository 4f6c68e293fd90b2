"""The journal of security events: complete, discreet, chained, and written once."""

import asyncio
import json
from typing import Any
from uuid import UUID

import asyncpg
import httpx2
import pytest

from solvent.identity.domain import WrongCredentials
from solvent.runtime.database import OWNER, VERIFIER, Database, DatabaseAddress, connect
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.origin import Origin, set_origin
from solvent.runtime.security import INVARIANTS, Discretion
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Works
from solvent.web.rendering import TEMPLATES
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member, log_in, newcomer


async def events(address: DatabaseAddress) -> list[dict[str, Any]]:
    """Return all security events as the verifier sees them, oldest first."""
    connection = await connect(address.reading_all, VERIFIER)
    try:
        rows = await connection.fetch("select * from security_event order by seq")
        return [dict(row) for row in rows]
    finally:
        await connection.close()


async def offences(address: DatabaseAddress) -> list[str]:
    connection = await connect(address.reading_all, VERIFIER)
    try:
        return [each.code for each in INVARIANTS if await connection.fetch(each.offenders)]
    finally:
        await connection.close()


def kinds(found: list[dict[str, Any]]) -> list[str]:
    return [event["kind"] for event in found]


async def test_a_good_a_bad_and_an_unknown_log_in_leave_a_record_each(
    signed_up: Member, address: DatabaseAddress
) -> None:
    before = len(await events(address))
    headers = {"user-agent": "Firefox\0 on Linux", "x-request-id": "request-0001"}
    for email, password in (
        ("alma@example.org", PASSWORD),
        ("Alma@example.org", "not the right one"),
        ("nobody@example.org", "not the right one"),
    ):
        body = {"email": email, "password": password}
        await signed_up.client.post("/api/v1/auth/login", json=body, headers=headers)
    good, bad, unknown = (await events(address))[before:]
    assert kinds([good, bad, unknown]) == ["login.succeeded", "login.failed", "login.failed"]
    assert good["person_id"] == bad["person_id"] == signed_up.person
    assert unknown["person_id"] is None
    assert good["session_id"] is not None
    assert {str(event["network"]) for event in (good, bad, unknown)} == {"127.0.0.0/24"}
    assert {event["request_id"] for event in (good, bad, unknown)} == {"request-0001"}
    assert bad["agent"] == "Firefox on Linux"
    assert len(bad["tried"]) == len(unknown["tried"]) == 32
    assert bad["tried"] != unknown["tried"]


async def test_a_life_of_a_session_is_told_in_order(
    signed_up: Member, address: DatabaseAddress
) -> None:
    body = {"refresh_token": signed_up.refresh_token}
    client = signed_up.client
    pair = (await client.post("/api/v1/auth/refresh", json=body)).json()
    await client.post("/api/v1/auth/refresh", json=body)
    await client.post("/api/v1/auth/logout", json={"refresh_token": pair["refresh_token"]})
    told = await events(address)
    assert kinds(told) == [
        "person.registered",
        "login.succeeded",
        "session.refreshed",
        "session.token_reused",
        "alert.raised",
    ]
    assert {event["person_id"] for event in told} == {signed_up.person}
    assert len({event["session_id"] for event in told[1:]}) == 1
    assert await offences(address) == []


async def test_a_look_at_another_household_is_recorded_although_it_is_refused(
    signed_up: Member, neighbour: Member, address: DatabaseAddress
) -> None:
    assert (await signed_up.get(f"{neighbour.home}/accounts")).status_code == 404
    assert (await signed_up.get(f"{signed_up.home}/transactions/{UUID(int=7)}")).status_code == 404
    foreign, missing = (await events(address))[-2:]
    assert foreign["kind"] == missing["kind"] == "access.refused"
    assert foreign["person_id"] == missing["person_id"] == signed_up.person
    assert foreign["subject"] == neighbour.household
    assert json.loads(missing["facts"]) == {"code": "not_found", "thing": "transaction"}


async def test_no_address_and_no_secret_stands_in_it(
    signed_up: Member, address: DatabaseAddress, works: Works
) -> None:
    await log_in(signed_up.client, "alma@example.org", "a wrong password")
    async with works.for_nobody(cause="test") as work:
        facts = {"note": "alma@example.org", "token": "abc", "about": "mail to alma@example.org"}
        work.security.note(SecurityKind.SESSIONS_ENDED, person=signed_up.person, facts=facts)
    written = str(await events(address))
    for secret in (
        "alma@example.org",
        PASSWORD,
        "a wrong password",
        signed_up.refresh_token,
        "abc",
    ):
        assert secret not in written


async def test_what_a_refused_work_noted_is_lost_but_its_attempts_stay(
    address: DatabaseAddress, works: Works
) -> None:
    async def fail() -> None:
        async with works.for_nobody(cause="test") as work:
            work.security.note(SecurityKind.PASSWORD_CHANGED)
            work.security.note(SecurityKind.LOGIN_FAILED)
            raise WrongCredentials

    with pytest.raises(WrongCredentials):
        await fail()
    assert kinds(await events(address)) == ["login.failed"]
    assert await offences(address) == []


async def test_an_event_that_cannot_be_written_keeps_the_change_from_happening(
    app_client: httpx2.AsyncClient, address: DatabaseAddress, database: Database
) -> None:
    owner = await connect(address.owner, OWNER)
    try:
        await owner.execute("alter table security_event add check (kind <> 'person.registered')")
    finally:
        await owner.close()
    answer = await app_client.post("/api/v1/auth/register", json=newcomer("alma@example.org"))
    assert answer.status_code == 500
    async with database.connection() as connection:
        assert await connection.fetchval("select count(*) from person") == 0


async def test_many_at_once_leave_no_gap_and_hold_the_chain_only_at_their_end(
    address: DatabaseAddress, works: Works
) -> None:
    ready, all_ready = [0], asyncio.Event()

    async def note() -> None:
        async with works.for_nobody(cause="test") as work:
            work.security.note(SecurityKind.LOGIN_SUCCEEDED)
            work.security.note(SecurityKind.SESSION_ENDED)
            ready[0] += 1
            if ready[0] == 6:  # every connection of the pool is at this point: nobody waits
                all_ready.set()
            await asyncio.wait_for(all_ready.wait(), timeout=10)

    await asyncio.gather(*(note() for _ in range(6)))
    assert [event["seq"] for event in await events(address)] == list(range(1, 13))
    assert await offences(address) == []


async def test_a_person_reads_their_own_events_and_no_others(
    signed_up: Member, neighbour: Member, works: Works
) -> None:
    assert signed_up
    async with works.for_nobody(cause="test") as work:
        assert await work.value("select count(*) from security_event") == 0
        await work.enter_household(neighbour.household, person=neighbour.person)
        assert await work.column("select distinct person_id from security_event") == [
            neighbour.person
        ]


FORGED = """
    insert into security_event (seq, at, kind, actor, cause, request_id, agent, facts, prev_hash, hash)
    values (1, now(), 'x', 'x', 'x', '', '', '{}', '', '')
"""


@pytest.mark.parametrize(
    "statement",
    [
        "update security_event set kind = 'forged'",
        "delete from security_event",
        "truncate security_event",
        FORGED,
        "update security_head set seq = 0",
        "select * from security_head",
        "alter table security_event disable trigger all",
    ],
)
async def test_the_application_cannot_rewrite_what_was_noticed(
    signed_up: Member, works: Works, statement: str
) -> None:
    assert signed_up
    async with works.for_nobody(cause="test") as work:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await work.execute(statement)


@pytest.mark.parametrize(
    "statement", ["update security_event set kind = 'x'", "delete from security_event"]
)
async def test_not_even_the_owner_rewrites_by_mistake(
    signed_up: Member, address: DatabaseAddress, statement: str
) -> None:
    assert signed_up
    owner = await connect(address.owner, OWNER)
    try:
        with pytest.raises(asyncpg.InsufficientPrivilegeError, match="stays as it is"):
            await owner.execute(statement)
    finally:
        await owner.close()


@pytest.mark.parametrize(
    ("typed", "network"),
    [
        ("203.0.113.77", "203.0.113.0/24"),
        ("2001:db8:1:2::3", "2001:db8:1::/48"),
        ("local", "None"),
        ("", "None"),
    ],
)
def test_a_network_address_loses_its_last_bits(typed: str, network: str) -> None:
    assert str(Discretion().network(typed)) == network


def test_all_bits_are_kept_where_that_is_asked_for() -> None:
    assert str(Discretion(ipv4_bits=32).network("203.0.113.77")) == "203.0.113.77/32"
    assert str(Discretion(ipv4_bits=0).network("203.0.113.77")) == "0.0.0.0/0"


def test_a_digest_is_keyed() -> None:
    one, other = Discretion(b"1" * 32), Discretion(b"2" * 32)
    assert one.digest("alma@example.org") == Discretion(b"1" * 32).digest("alma@example.org")
    assert one.digest("alma@example.org") != other.digest("alma@example.org")


def test_every_kind_says_something() -> None:
    words = (TEMPLATES / "components" / "trail.html").read_text("utf-8")
    assert [kind.value for kind in SecurityKind if f'"{kind.value}": _(' not in words] == []


async def test_an_event_carries_where_it_came_from(
    app: Outermost, works: Works, address: DatabaseAddress, clock: HandMovedClock
) -> None:
    assert app
    set_origin(Origin("request-0002", "198.51.100.9", "curl"))
    async with works.for_nobody(cause="test") as work:
        work.security.note(SecurityKind.LOGIN_FAILED, tried="x")
    set_origin(Origin())
    (event,) = await events(address)
    assert (str(event["network"]), event["agent"]) == ("198.51.100.0/24", "curl")
    assert (event["request_id"], event["at"]) == ("request-0002", clock.now())
    assert (event["actor"], event["cause"]) == ("nobody", "test")
