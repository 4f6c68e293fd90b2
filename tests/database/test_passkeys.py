"""Passkeys: made for one person, used without a password, and worth nothing when anything is off."""

import asyncio
import copy
from typing import Any

import httpx2
import pytest

from solvent.runtime.database import Database
from solvent.runtime.settinggroups import Settings
from tests.clocks import HandMovedClock
from tests.database.clients import Member
from tests.database.devices import PRESENT, Device, decoded, encoded

AUTH, ME = "/api/v1/auth", "/api/v1/me"


def said(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


NO_PARTS: tuple[object, ...] = (None, "", 5, [], {})
REFUSED = (401, "factors.passkey_refused")


async def asked(member: Member) -> Any:
    return (await member.client.post(f"{AUTH}/passkey/options")).json()


async def log_in(member: Member, answer: dict[str, Any]) -> httpx2.Response:
    return await member.client.post(f"{AUTH}/passkey", json={"answer": answer})


async def registered(member: Member, device: Device) -> httpx2.Response:
    offer = (await member.post(f"{ME}/passkeys/options")).json()
    body = {"name": "Laptop", "answer": device.made(offer)}
    return await member.post(f"{ME}/passkeys", json=body)


@pytest.fixture
async def device(signed_up: Member, settings: Settings) -> Device:
    """Return somebody's device with their passkey on it."""
    made = Device(settings.public_url)
    answer = await registered(signed_up, made)
    assert answer.status_code == 201, answer.text
    return made


async def test_a_passkey_logs_in_and_counts_as_two_factors(
    signed_up: Member, device: Device, database: Database
) -> None:
    answer = await log_in(signed_up, device.used(await asked(signed_up)))
    assert answer.status_code == 200
    headers = {"authorization": f"Bearer {answer.json()['access_token']}"}
    me = (await signed_up.client.get(ME, headers=headers)).json()
    assert me["person"]["id"] == str(signed_up.person)
    async with database.connection() as connection:
        newest = "select multi_factor from session order by created_at desc, id desc limit 1"
        assert await connection.fetchval(newest)
    passkeys = (await signed_up.get(f"{ME}/factors")).json()["passkeys"]
    assert [each["name"] for each in passkeys] == ["Laptop"]
    assert passkeys[0]["used_at"] is not None


async def test_an_answer_is_taken_once_and_soon(
    signed_up: Member, device: Device, clock: HandMovedClock
) -> None:
    answer = device.used(await asked(signed_up))
    answers = await asyncio.gather(*(log_in(signed_up, answer) for _ in range(3)))
    assert sorted(each.status_code for each in answers) == [200, 401, 401]
    late = device.used(await asked(signed_up))
    clock.advance(minutes=5)
    assert said(await log_in(signed_up, late)) == REFUSED


async def test_a_counter_that_goes_back_tells_of_a_copy(signed_up: Member, device: Device) -> None:
    assert (await log_in(signed_up, device.used(await asked(signed_up)))).status_code == 200
    device.count = 0
    assert said(await log_in(signed_up, device.used(await asked(signed_up)))) == REFUSED


@pytest.mark.parametrize(
    "change",
    [
        {"origin": "https://evil.example"},
        {"rp_id": "evil.example"},
        {"flags": PRESENT},
        {"flags": 0},
        {"user": b"somebody else..."},
    ],
    ids=["origin", "host", "not verified", "not present", "person"],
)
async def test_an_answer_to_somebody_else_is_refused(
    signed_up: Member, device: Device, change: dict[str, Any]
) -> None:
    for name, value in change.items():
        setattr(device, name, value)
    assert said(await log_in(signed_up, device.used(await asked(signed_up)))) == REFUSED


def mutants(answer: dict[str, Any]) -> list[dict[str, Any]]:
    """Return answers with one bit turned, in every part, at ten places each."""
    made = []
    for part in ("authenticatorData", "clientDataJSON", "signature", "userHandle"):
        plain = decoded(answer["response"][part])
        for place in range(10):
            changed = bytearray(plain)
            changed[place * (len(plain) - 1) // 9] ^= 1 << (place % 8)
            mutant = copy.deepcopy(answer)
            mutant["response"][part] = encoded(bytes(changed))
            made.append(mutant)
    for part in ("response", "rawId", "type"):
        made += [answer | {part: value} for value in NO_PARTS]
    return made


async def test_no_answer_with_a_bit_turned_logs_in(
    signed_up: Member, device: Device, database: Database
) -> None:
    for number in range(len(mutants(device.used(await asked(signed_up))))):
        mutant = mutants(device.used(await asked(signed_up)))[number]
        assert said(await log_in(signed_up, mutant)) == REFUSED
    async with database.connection() as connection:
        assert await connection.fetchval("select count(*) from session") == 1
    assert (await log_in(signed_up, device.used(await asked(signed_up)))).status_code == 200


async def test_what_was_offered_to_one_person_is_of_no_use_to_another(
    signed_up: Member, neighbour: Member, settings: Settings
) -> None:
    offer = (await signed_up.post(f"{ME}/passkeys/options")).json()
    body = {"name": "Laptop", "answer": Device(settings.public_url).made(offer)}
    assert said(await neighbour.post(f"{ME}/passkeys", json=body)) == REFUSED


async def test_a_passkey_proves_again_who_one_is_and_only_that_person(
    signed_up: Member, neighbour: Member, device: Device, clock: HandMovedClock
) -> None:
    clock.advance(minutes=11)
    assert said(await signed_up.post(f"{ME}/passkeys/options")) == (403, "identity.proof_needed")
    body = {"passkey": device.used(await asked(signed_up))}
    assert said(await neighbour.post(f"{AUTH}/prove", json=body)) == (422, "identity.wrong_proof")
    body = {"passkey": device.used(await asked(signed_up))}
    assert (await signed_up.post(f"{AUTH}/prove", json=body)).status_code == 200
    assert (await signed_up.post(f"{ME}/passkeys/options")).status_code == 200


async def test_a_passkey_is_renamed_and_removed_by_its_owner_alone(
    signed_up: Member, neighbour: Member, device: Device
) -> None:
    passkey = (await signed_up.get(f"{ME}/factors")).json()["passkeys"][0]["id"]
    path = f"{ME}/passkeys/{passkey}"
    theirs = await neighbour.client.delete(path, headers=neighbour.headers)
    assert said(theirs) == (404, "not_found")
    renamed = await signed_up.client.patch(path, json={"name": "Old"}, headers=signed_up.headers)
    assert renamed.status_code == 204
    removed = await signed_up.client.delete(path, headers=signed_up.headers)
    assert removed.status_code == 204
    assert said(await log_in(signed_up, device.used(await asked(signed_up)))) == REFUSED
