"""A household has several members: invited by a link that works once, changed and removed by owners."""

import asyncio
from collections.abc import AsyncGenerator
from typing import Any

import asyncpg
import httpx2
import pytest

from solvent.identity.letters import LetterKind
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.settinggroups import Settings
from tests.clocks import HandMovedClock
from tests.database.bookkeeping import offences
from tests.database.clients import Member, opened_client, registered
from tests.database.letters import queued_letters


@pytest.fixture
async def guest(app: Outermost, signed_up: Member) -> AsyncGenerator[Member, None]:
    """Bruno, who has a household of his own and none of Alma's."""
    assert signed_up
    async with opened_client(app) as client:
        yield await registered(client, "bruno@example.org")


async def asked(member: Member, method: str, path: str, **more: Any) -> httpx2.Response:
    return await member.client.request(method, path, headers=member.headers, **more)


async def invited(owner: Member, **said: Any) -> str:
    body = {"role": "editor"} | said
    answer = await owner.post(f"{owner.home}/invitations", json=body)
    assert answer.status_code == 201, answer.text
    token: str = answer.json()["token"]
    return token


async def accepted(guest: Member, token: str) -> httpx2.Response:
    return await guest.post("/api/v1/invitations/accept", json={"token": token})


async def joined(owner: Member, guest: Member, role: str = "editor") -> None:
    answer = await accepted(guest, await invited(owner, role=role))
    assert answer.json() == {"household": str(owner.household)}


async def fresh(member: Member, refresh_token: str) -> str:
    """Give ``member`` a new access token and return their new refresh token."""
    body = {"refresh_token": refresh_token}
    pair = (await member.client.post("/api/v1/auth/refresh", json=body)).json()
    member.headers["authorization"] = f"Bearer {pair['access_token']}"
    token: str = pair["refresh_token"]
    return token


async def roles(owner: Member) -> dict[str, str]:
    items = (await owner.get(f"{owner.home}/members")).json()["items"]
    return {item["person"]: item["role"] for item in items}


async def test_a_link_makes_its_bearer_a_member_once(signed_up: Member, guest: Member) -> None:
    token = await invited(signed_up, role="viewer")
    shown = (await guest.post("/api/v1/invitations/show", json={"token": token})).json()
    assert (shown["household"], shown["invited_by"], shown["role"]) == (
        "Home",
        "Alma Example",
        "viewer",
    )
    assert (await accepted(guest, token)).status_code == 200
    assert (await guest.get(f"{signed_up.home}/accounts")).status_code == 200
    assert await roles(signed_up) == {str(signed_up.person): "owner", str(guest.person): "viewer"}
    again = await accepted(guest, token)
    assert (again.status_code, again.json()["code"]) == (404, "households.invitation_gone")


async def test_two_who_follow_one_link_at_once_are_one_member(
    signed_up: Member, guest: Member, app: Outermost
) -> None:
    token = await invited(signed_up)
    async with opened_client(app) as client:
        third = await registered(client, "carla@example.org")
        answers = await asyncio.gather(accepted(guest, token), accepted(third, token))
    assert sorted(answer.status_code for answer in answers) == [200, 404]
    assert len(await roles(signed_up)) == 2


@pytest.mark.parametrize("token", ["x" * 30, "AAAA.bbbbbbbbbbbbbbbbbbbbbbbb", "ä" * 20])
async def test_a_link_that_nobody_made_leads_nowhere(signed_up: Member, token: str) -> None:
    assert (await accepted(signed_up, token)).status_code == 404


async def test_an_invitation_ends_by_time_by_withdrawal_and_by_being_declined(
    signed_up: Member, guest: Member, clock: HandMovedClock
) -> None:
    declined, withdrawn, kept = [await invited(signed_up) for _ in range(3)]
    answer = await guest.post("/api/v1/invitations/decline", json={"token": declined})
    assert answer.status_code == 204
    listed = (await signed_up.get(f"{signed_up.home}/invitations")).json()["items"]
    assert len(listed) == 2
    assert "token" not in listed[0]
    path = f"{signed_up.home}/invitations/{listed[0]['id']}"
    assert (await asked(signed_up, "DELETE", path)).status_code == 204
    assert (await asked(signed_up, "DELETE", path)).status_code == 404
    for token in (declined, withdrawn):
        assert (await accepted(guest, token)).status_code == 404
    clock.advance(days=6, hours=23)
    pair = await fresh(guest, guest.refresh_token)
    shown = await guest.post("/api/v1/invitations/show", json={"token": kept})
    assert shown.status_code == 200, shown.text
    clock.advance(hours=1, minutes=1)
    await fresh(guest, pair)
    assert (await accepted(guest, kept)).status_code == 404


async def verify(member: Member, address: DatabaseAddress, settings: Settings) -> None:
    """Follow the link of the oldest letter that asks to verify an address."""
    letter, *_ = await queued_letters(address, settings, LetterKind.VERIFY_ADDRESS)
    token = letter.path.partition("=")[2]
    answer = await member.client.post("/api/v1/auth/verify", json={"token": token})
    assert answer.status_code == 204


async def test_an_invitation_by_letter_waits_for_a_verified_address_and_brings_the_link(
    signed_up: Member, address: DatabaseAddress, settings: Settings
) -> None:
    body = {"role": "viewer", "email": "carla@example.org"}
    early = await signed_up.post(f"{signed_up.home}/invitations", json=body)
    assert (early.status_code, early.json()["code"]) == (403, "identity.not_verified")
    await verify(signed_up, address, settings)
    token = await invited(signed_up, **body)
    (letter,) = await queued_letters(address, settings, LetterKind.INVITATION)
    assert (letter.to, letter.path) == ("carla@example.org", f"/join?token={token}")
    assert letter.facts == {"inviter": "Alma Example", "household": "Home"}


async def test_an_invitation_for_an_address_is_for_nobody_else(
    signed_up: Member, guest: Member, address: DatabaseAddress, settings: Settings
) -> None:
    await verify(signed_up, address, settings)
    token = await invited(signed_up, email="Carla@Example.org")
    answer = await accepted(guest, token)
    assert (answer.status_code, answer.json()["code"]) == (409, "households.invitation_for_another")
    assert (
        await accepted(guest, await invited(signed_up, email="bruno@example.org"))
    ).status_code == 200


async def test_only_owners_decide_who_belongs_and_see_addresses(
    signed_up: Member, guest: Member
) -> None:
    await joined(signed_up, guest)
    home, them = signed_up.home, f"{signed_up.home}/members/{signed_up.person}"
    for method, path, body in (
        ("PATCH", them, {"role": "viewer"}),
        ("DELETE", them, None),
        ("POST", f"{them}/ownership", {}),
        ("PUT", f"{home}/grants/{guest.person}", {}),
        ("POST", f"{home}/invitations", {"role": "editor"}),
        ("GET", f"{home}/invitations", None),
    ):
        answer = await asked(guest, method, path, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "not_allowed"), path
    seen = {m["person"]: m["email"] for m in (await guest.get(f"{home}/members")).json()["items"]}
    assert seen == {str(signed_up.person): None, str(guest.person): "bruno@example.org"}


async def test_a_change_of_role_wants_a_recent_proof(
    signed_up: Member, guest: Member, clock: HandMovedClock
) -> None:
    await joined(signed_up, guest)
    clock.advance(minutes=11)
    answer = await asked(
        signed_up, "PATCH", f"{signed_up.home}/members/{guest.person}", json={"role": "viewer"}
    )
    assert (answer.status_code, answer.json()["code"]) == (403, "identity.proof_needed")


async def test_the_last_owner_neither_leaves_nor_steps_down_but_hands_over(
    signed_up: Member, guest: Member, address: DatabaseAddress
) -> None:
    me = f"{signed_up.home}/members/{signed_up.person}"
    await joined(signed_up, guest)
    for method, body in (("PATCH", {"role": "editor"}), ("DELETE", None)):
        answer = await asked(signed_up, method, me, json=body)
        assert (answer.status_code, answer.json()["code"]) == (409, "households.last_owner")
    path = f"{signed_up.home}/members/{guest.person}/ownership"
    assert (await signed_up.post(path, json={"role": "viewer"})).status_code == 200
    assert await roles(guest_at(guest, signed_up)) == {
        str(signed_up.person): "viewer",
        str(guest.person): "owner",
    }
    assert (await asked(signed_up, "DELETE", me)).status_code == 204
    assert (await signed_up.get(f"{signed_up.home}/accounts")).status_code == 404
    assert await offences(address) == []


def guest_at(guest: Member, owner: Member) -> Member:
    """Return ``guest`` as a member of the household of ``owner``."""
    return Member(guest.client, guest.person, owner.household, guest.headers, guest.refresh_token)


async def test_two_owners_who_step_down_at_once_leave_one(
    signed_up: Member, guest: Member, address: DatabaseAddress
) -> None:
    await joined(signed_up, guest)
    path = f"{signed_up.home}/members/{guest.person}"
    assert (await asked(signed_up, "PATCH", path, json={"role": "owner"})).status_code == 200
    there = guest_at(guest, signed_up)
    first, second = await asyncio.gather(
        asked(
            signed_up, "PATCH", f"{there.home}/members/{signed_up.person}", json={"role": "viewer"}
        ),
        asked(there, "PATCH", f"{there.home}/members/{guest.person}", json={"role": "viewer"}),
    )
    assert sorted((first.status_code, second.status_code)) == [200, 409]
    one, other = await connect(address.owner, OWNER), await connect(address.owner, OWNER)
    try:
        await one.execute(
            "update membership set role = 'owner' where household_id = $1", there.household
        )
        demote = "update membership set role = 'viewer' where household_id = $1 and person_id = $2"
        begun = one.transaction()
        await begun.start()
        await one.execute(demote, there.household, there.person)
        waiting = asyncio.create_task(other.execute(demote, there.household, signed_up.person))
        await asyncio.sleep(0.2)
        assert not waiting.done()
        await begun.commit()
        with pytest.raises(asyncpg.PostgresError, match="keeps an owner"):
            await waiting
    finally:
        await one.close()
        await other.close()


async def test_what_is_done_to_members_stands_in_the_journal(
    signed_up: Member, guest: Member
) -> None:
    await joined(signed_up, guest)
    path = f"{signed_up.home}/members/{guest.person}"
    await asked(signed_up, "PATCH", path, json={"role": "viewer"})
    await asked(
        signed_up, "PUT", f"{signed_up.home}/grants/{guest.person}", json={"others": "balance"}
    )
    await asked(signed_up, "DELETE", path)
    changes = (await signed_up.get(f"{signed_up.home}/changes")).json()["items"]
    noted = [(c["kind"], c["actor"]) for c in changes][2:]
    alma, bruno = f"person:{signed_up.person}", f"person:{guest.person}"
    assert noted == [
        ("invitation.made", alma),
        ("member.joined", bruno),
        ("member.role_changed", alma),
        ("member.access_changed", alma),
        ("member.removed", alma),
    ]
    assert "bruno@" not in str(changes)
