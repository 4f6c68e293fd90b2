"""A second factor: codes that are used once, recovery codes, and no log-in without either."""

import asyncio
import re
from typing import Any

import httpx2
import pytest
from pyotp.totp import TOTP

from solvent.runtime.database import Database
from solvent.runtime.edge.credentials import COOKIE
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member

EMAIL = "alma@example.org"
PROVE = "/api/v1/auth/prove"


class Phone:
    """Somebody's authenticator, which shows codes by the test's clock."""

    def __init__(self, secret: str, clock: HandMovedClock) -> None:
        self._codes = TOTP(secret)
        self._clock = clock

    def code(self, *, steps: int = 0) -> str:
        """Return what it shows, or showed or will show some steps of 30 seconds away."""
        return self._codes.at(int(self._clock.now().timestamp()) + 30 * steps)


async def log_in(member: Member, code: str | None = None) -> httpx2.Response:
    body: dict[str, Any] = {"email": EMAIL, "password": PASSWORD}
    return await member.client.post(
        "/api/v1/auth/login", json=body | ({"code": code} if code else {})
    )


async def set_up(member: Member, clock: HandMovedClock) -> tuple[Phone, list[str]]:
    key = (await member.post("/api/v1/me/authenticator")).json()
    phone = Phone(key["secret"], clock)
    answer = await member.post("/api/v1/me/authenticator/confirm", json={"code": phone.code()})
    assert answer.status_code == 200, answer.text
    clock.advance(seconds=30)
    return phone, answer.json()["recovery_codes"]


@pytest.fixture
async def phone(signed_up: Member, clock: HandMovedClock) -> Phone:
    """Return the authenticator of somebody who has set one up."""
    return (await set_up(signed_up, clock))[0]


def said(answer: httpx2.Response) -> tuple[int, str]:
    return answer.status_code, answer.json().get("code", "")


async def test_a_key_counts_only_after_its_first_code(
    signed_up: Member, clock: HandMovedClock
) -> None:
    key = (await signed_up.post("/api/v1/me/authenticator")).json()
    assert key["uri"].startswith("otpauth://totp/Solvent:alma%40example.org?")
    assert key["qr"].startswith("data:image/svg+xml")
    assert (await log_in(signed_up)).status_code == 200
    wrong = await signed_up.post("/api/v1/me/authenticator/confirm", json={"code": "000000"})
    assert said(wrong) == (422, "factors.code_not_right")
    code = Phone(key["secret"], clock).code()
    right = await signed_up.post("/api/v1/me/authenticator/confirm", json={"code": code})
    assert len(set(right.json()["recovery_codes"])) == 10
    factors = (await signed_up.get("/api/v1/me/factors")).json()
    assert (factors["authenticator"], factors["recovery_codes_left"]) == (True, 10)
    again = await signed_up.post("/api/v1/me/authenticator")
    assert said(again) == (409, "factors.authenticator_in_use")


async def test_without_a_code_no_session_is_opened(
    signed_up: Member, phone: Phone, database: Database
) -> None:
    async with database.connection() as connection:
        before = await connection.fetchval("select count(*) from session")
        assert said(await log_in(signed_up)) == (401, "identity.code_needed")
        assert said(await log_in(signed_up, "123")) == (401, "identity.wrong_code")
        assert await connection.fetchval("select count(*) from session") == before
        assert (await log_in(signed_up, phone.code())).status_code == 200
        newest = "select multi_factor from session order by created_at desc, id desc limit 1"
        assert await connection.fetchval(newest)


async def test_a_wrong_password_says_nothing_of_codes(signed_up: Member, phone: Phone) -> None:
    body = {"email": EMAIL, "password": "not this one", "code": phone.code()}
    answer = await signed_up.client.post("/api/v1/auth/login", json=body)
    assert said(answer) == (401, "identity.wrong_credentials")


async def test_a_code_is_used_once_and_so_is_what_came_before_it(
    signed_up: Member, phone: Phone, clock: HandMovedClock
) -> None:
    assert (await log_in(signed_up, phone.code())).status_code == 200
    assert said(await log_in(signed_up, phone.code())) == (401, "identity.wrong_code")
    assert said(await log_in(signed_up, phone.code(steps=-1))) == (401, "identity.wrong_code")
    assert (await log_in(signed_up, phone.code(steps=1))).status_code == 200
    clock.advance(minutes=5)
    assert said(await log_in(signed_up, phone.code(steps=-2))) == (401, "identity.wrong_code")


async def test_of_many_at_once_with_one_code_one_gets_in(signed_up: Member, phone: Phone) -> None:
    answers = await asyncio.gather(*(log_in(signed_up, phone.code()) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401]


async def test_guessing_codes_makes_one_wait_wherever_one_comes_from(
    signed_up: Member, phone: Phone, clock: HandMovedClock
) -> None:
    answers = [await log_in(signed_up, f"00000{turn}") for turn in range(5)]
    assert [answer.status_code for answer in answers] == [401] * 5
    waits = await log_in(signed_up, phone.code())
    assert said(waits) == (429, "identity.too_many_attempts")
    clock.advance(minutes=16)
    assert (await log_in(signed_up, phone.code())).status_code == 200


async def test_a_recovery_code_stands_in_once(signed_up: Member, clock: HandMovedClock) -> None:
    _, codes = await set_up(signed_up, clock)
    assert (await log_in(signed_up, codes[0].upper().replace("-", " "))).status_code == 200
    assert said(await log_in(signed_up, codes[0])) == (401, "identity.wrong_code")
    assert (await signed_up.get("/api/v1/me/factors")).json()["recovery_codes_left"] == 9
    renewed = (await signed_up.post("/api/v1/me/recovery-codes")).json()["recovery_codes"]
    assert said(await log_in(signed_up, codes[1])) == (401, "identity.wrong_code")
    assert (await log_in(signed_up, renewed[1])).status_code == 200


async def test_taking_it_away_wants_a_recent_proof(
    signed_up: Member, phone: Phone, clock: HandMovedClock
) -> None:
    clock.advance(minutes=11)
    for method, path in (
        ("DELETE", "authenticator"),
        ("POST", "recovery-codes"),
        ("POST", "authenticator"),
    ):
        answer = await signed_up.client.request(
            method, f"/api/v1/me/{path}", headers=signed_up.headers
        )
        assert said(answer) == (403, "identity.proof_needed")
    assert (await signed_up.post(PROVE, json={"code": phone.code()})).status_code == 200
    gone = await signed_up.client.delete("/api/v1/me/authenticator", headers=signed_up.headers)
    assert gone.status_code == 204
    assert (await log_in(signed_up)).status_code == 200


async def test_a_code_that_is_not_right_proves_nothing(signed_up: Member, phone: Phone) -> None:
    assert phone
    for body in ({"code": "000000"}, {}):
        assert said(await signed_up.post(PROVE, json=body)) == (422, "identity.wrong_proof")


async def test_no_key_and_no_recovery_code_stands_in_the_database_as_it_is(
    signed_up: Member, clock: HandMovedClock, database: Database
) -> None:
    key = (await signed_up.post("/api/v1/me/authenticator")).json()["secret"]
    code = Phone(key, clock).code()
    answer = await signed_up.post("/api/v1/me/authenticator/confirm", json={"code": code})
    async with database.connection() as connection:
        sealed = await connection.fetchval("select sealed_secret from totp")
        digests = await connection.fetch("select digest from recovery_code")
    assert key.encode() not in sealed
    assert all(len(row["digest"]) == 32 for row in digests)
    assert len(digests) == len(answer.json()["recovery_codes"]) == 10


async def test_what_belongs_to_one_person_is_nobody_elses(
    signed_up: Member, neighbour: Member, phone: Phone
) -> None:
    assert phone
    theirs = (await neighbour.get("/api/v1/me/factors")).json()
    assert theirs["authenticator"] is False
    body = {"email": "bruno@example.org", "password": PASSWORD, "code": phone.code()}
    answer = await signed_up.client.post("/api/v1/auth/login", json=body)
    assert answer.status_code == 200


def challenge_in(page: httpx2.Response) -> str:
    found = re.search(r'name="challenge" value="([^"]+)"', page.text)
    assert found, page.text
    return found[1]


async def test_a_page_opens_no_session_before_the_second_step(
    signed_up: Member, phone: Phone, clock: HandMovedClock
) -> None:
    client = signed_up.client
    typed = {"email": EMAIL, "password": PASSWORD, "next": "/x"}
    step = await client.post("/log-in", data=typed)
    assert "set-cookie" not in step.headers
    answer = {"challenge": challenge_in(step), "next": "/x"}
    wrong = await client.post("/log-in/code", data=answer | {"code": "000000"})
    assert wrong.status_code == 401
    right = await client.post("/log-in/code", data=answer | {"code": phone.code()})
    assert (right.status_code, right.headers["location"]) == (303, "/x")
    assert COOKIE in right.headers["set-cookie"]
    clock.advance(seconds=60)
    again = await client.post("/log-in/code", data=answer | {"code": phone.code()})
    assert (again.status_code, "set-cookie" in again.headers) == (401, False)


async def test_the_step_before_something_dangerous_takes_a_code(
    signed_up: Member, phone: Phone, clock: HandMovedClock
) -> None:
    client = signed_up.client
    step = await client.post("/log-in", data={"email": EMAIL, "password": PASSWORD})
    taken = {"challenge": challenge_in(step), "code": phone.code()}
    cookie = (await client.post("/log-in/code", data=taken)).headers["set-cookie"].split(";")[0]
    clock.advance(minutes=11)
    held = {"cookie": cookie}
    path = f"/h/{signed_up.household}/settings/sign-in"
    page = (await client.get(path, headers=held)).text
    asked = {"do": "remove", "csrf_token": re.findall('name="csrf_token" value="([^"]+)"', page)[0]}
    assert "Is it you?" in (await client.post(path, data=asked, headers=held)).text
    wrong = await client.post(path, data=asked | {"proof_code": "000000"}, headers=held)
    assert (wrong.status_code, "That is not right" in wrong.text) == (422, True)
    right = await client.post(path, data=asked | {"proof_code": phone.code()}, headers=held)
    assert right.status_code == 303
    factors = (await signed_up.get("/api/v1/me/factors")).json()
    assert factors["authenticator"] is False


async def test_the_second_step_waits_for_five_minutes(
    signed_up: Member, phone: Phone, clock: HandMovedClock
) -> None:
    step = await signed_up.client.post("/log-in", data={"email": EMAIL, "password": PASSWORD})
    clock.advance(minutes=5)
    late = {"challenge": challenge_in(step), "code": phone.code()}
    answer = await signed_up.client.post("/log-in/code", data=late)
    assert (answer.status_code, "That took too long" in answer.text) == (401, True)
