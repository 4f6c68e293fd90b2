"""Patterns of abuse raise an alert: one for each pattern and whatever it is about, in a window."""

import json
from typing import Any
from uuid import UUID, uuid4

import pytest

from solvent.runtime.database import VERIFIER, DatabaseAddress, connect
from solvent.runtime.moves import Moves
from solvent.runtime.origin import Origin
from solvent.runtime.security import Discretion
from tests.clocks import HandMovedClock
from tests.database.clients import Member, log_in


async def alerts(address: DatabaseAddress) -> list[dict[str, Any]]:
    connection = await connect(address.reading_all, VERIFIER)
    try:
        rows = await connection.fetch(
            "select person_id, facts from security_event where kind = 'alert.raised' order by seq"
        )
        return [json.loads(row["facts"]) | {"person": row["person_id"]} for row in rows]
    finally:
        await connection.close()


def patterns(found: list[dict[str, Any]]) -> list[str]:
    return [each["pattern"] for each in found]


async def test_many_accounts_tried_from_one_network_are_noticed_once(
    signed_up: Member, address: DatabaseAddress, clock: HandMovedClock
) -> None:
    for number in range(9):
        await log_in(signed_up.client, f"person{number}@example.org", "a stolen password")
    assert await alerts(address) == []
    for number in range(9, 13):
        await log_in(signed_up.client, f"person{number}@example.org", "a stolen password")
    (alert,) = await alerts(address)
    assert (alert["pattern"], alert["about"]) == ("credential_stuffing", "127.0.0.0/24")
    assert alert["person"] is None
    clock.advance(minutes=16)
    for number in range(10):
        await log_in(signed_up.client, f"person{number}@example.org", "a stolen password")
    assert patterns(await alerts(address)) == ["credential_stuffing"] * 2


async def test_many_failures_on_one_account_tell_its_owner(
    signed_up: Member, address: DatabaseAddress
) -> None:
    for _ in range(12):
        await log_in(signed_up.client, "alma@example.org", "a guess")
    (alert,) = await alerts(address)
    assert (alert["pattern"], alert["person"]) == ("password_guessing", signed_up.person)


async def test_a_burst_of_foreign_ids_is_noticed(
    signed_up: Member, address: DatabaseAddress
) -> None:
    for number in range(22):
        await signed_up.get(f"/api/v1/households/{UUID(int=number)}/accounts")
    (alert,) = await alerts(address)
    assert (alert["pattern"], alert["count"]) == ("ids_probed", 20)


async def test_a_token_used_twice_raises_an_alert_that_its_owner_reads(
    signed_up: Member, address: DatabaseAddress
) -> None:
    body = {"refresh_token": signed_up.refresh_token}
    for _ in range(2):
        await signed_up.client.post("/api/v1/auth/refresh", json=body)
    assert patterns(await alerts(address)) == ["token_reused"]
    await log_in(signed_up.client, "alma@example.org")
    answer = await log_in(signed_up.client, "alma@example.org")
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    own = await signed_up.client.get("/api/v1/me/activity", headers=headers)
    assert "alert.raised" in {event["kind"] for event in own.json()["items"]}


async def test_a_session_that_jumps_to_another_network_and_program_is_noticed(
    signed_up: Member, address: DatabaseAddress, app: Any
) -> None:
    async def asks(network: str, agent: str) -> None:
        headers = [(b"host", b"localhost"), (b"user-agent", agent.encode())]
        token = signed_up.headers["authorization"].encode()
        scope = {
            "type": "http",
            "method": "GET",
            "path": "/api/v1/me",
            "raw_path": b"/api/v1/me",
            "query_string": b"",
            "headers": [*headers, (b"authorization", token)],
            "client": (network, 4711),
            "scheme": "http",
            "http_version": "1.1",
            "server": ("localhost", 80),
        }
        await app(scope, _empty, _swallow)

    await asks("198.51.100.7", "Firefox")
    await asks("203.0.113.9", "Firefox")
    await asks("203.0.113.9", "Chromium")
    assert await alerts(address) == []
    await asks("192.0.2.1", "curl")
    (alert,) = await alerts(address)
    assert (alert["pattern"], alert["person"]) == ("session_moved", signed_up.person)


async def _empty() -> dict[str, Any]:
    return {"type": "http.request", "body": b"", "more_body": False}


async def _swallow(_: Any) -> None:
    return None


@pytest.mark.parametrize(
    ("address", "agent", "minutes", "expected"),
    [
        ("203.0.113.9", "curl", 1, True),
        ("203.0.113.9", "curl", 11, False),
        ("203.0.113.9", "Firefox", 1, False),
        ("198.51.100.200", "curl", 1, False),
        ("", "curl", 1, False),
    ],
)
def test_a_session_has_moved_when_network_and_program_change_at_once(
    clock: HandMovedClock, address: str, agent: str, minutes: int, *, expected: bool
) -> None:
    moves, session = Moves(Discretion().network), uuid4()
    assert not moves.moved(session, Origin("", "198.51.100.7", "Firefox"), clock.now())
    clock.advance(minutes=minutes)
    assert moves.moved(session, Origin("", address, agent), clock.now()) is expected
