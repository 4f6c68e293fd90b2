"""Guessing passwords: five failures in a quarter of an hour, and then one waits."""

import asyncio

import httpx2
import pytest

from solvent.identity.domain import Attempt, Lockout, TooManyAttempts, WrongCredentials
from solvent.identity.operations.prove_password import prove_password
from solvent.runtime.edgesettings import LimitSettings
from solvent.runtime.passwords import AT_ONCE_MAX, Passwords
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member, log_in, newcomer


@pytest.fixture
def settings(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The rates of a new installation, unless a test names others."""
    limits = getattr(request, "param", LimitSettings())
    return settings.model_copy(update={"limits": limits})


EMAIL = "alma@example.org"
RATE = Rate(5, 900)
LOCKOUT = Lockout()


async def guess(client: httpx2.AsyncClient, times: int, email: str = EMAIL) -> list[int]:
    return [
        (await log_in(client, email, f"wrong guess {turn}")).status_code for turn in range(times)
    ]


async def test_the_sixth_attempt_waits_even_with_the_right_password(signed_up: Member) -> None:
    assert await guess(signed_up.client, 5) == [401] * 5
    answer = await log_in(signed_up.client, EMAIL)
    assert (answer.status_code, answer.json()["code"]) == (429, "identity.too_many_attempts")
    assert answer.json()["retry_after_s"] == 900
    assert answer.headers["retry-after"] == "900"


@pytest.mark.parametrize(
    "settings", [LimitSettings(lockout_threshold=3, lockout_seconds=60)], indirect=True
)
async def test_after_how_many_failures_and_for_how_long_is_a_setting(
    signed_up: Member, clock: HandMovedClock
) -> None:
    async def prove(password: str) -> tuple[int, int | None]:
        answer = await signed_up.post("/api/v1/auth/prove", json={"password": password})
        return answer.status_code, answer.json().get("retry_after_s")

    assert await guess(signed_up.client, 3) == [401] * 3
    answer = await log_in(signed_up.client, EMAIL)
    assert (answer.status_code, answer.json()["retry_after_s"]) == (429, 60)
    clock.advance(seconds=61)
    assert await prove("not this one") == (422, None)
    assert await prove(PASSWORD) == (429, 120)


async def test_a_failure_leaves_the_window_by_itself(
    signed_up: Member, clock: HandMovedClock
) -> None:
    for _ in range(5):
        assert await guess(signed_up.client, 1) == [401]
        clock.advance(minutes=2)
    assert (await log_in(signed_up.client, EMAIL)).status_code == 429
    clock.advance(minutes=13, seconds=1)
    assert (await log_in(signed_up.client, EMAIL)).status_code == 200


async def test_logging_in_clears_the_count(signed_up: Member) -> None:
    assert await guess(signed_up.client, 4) == [401] * 4
    assert (await log_in(signed_up.client, EMAIL)).status_code == 200
    assert await guess(signed_up.client, 4) == [401] * 4


async def test_one_address_waiting_stops_no_other(signed_up: Member, neighbour: Member) -> None:
    await guess(signed_up.client, 6)
    assert (await log_in(neighbour.client, "bruno@example.org")).status_code == 200


async def test_an_address_that_nobody_has_is_throttled_too(
    app_client: httpx2.AsyncClient,
) -> None:
    assert await guess(app_client, 6, "nobody@example.org") == [401] * 5 + [429]
    assert await guess(app_client, 6, "no\0body") == [401] * 5 + [429]


async def test_guesses_at_once_do_not_slip_past_the_count(
    signed_up: Member, works: Works, clock: HandMovedClock
) -> None:
    passwords = Passwords(4)

    async def once(turn: int) -> str:
        attempt = Attempt(EMAIL, f"wrong guess {turn}", "192.0.2.7")
        with pytest.raises((WrongCredentials, TooManyAttempts)) as refused:
            await prove_password(works, passwords, attempt=attempt, rate=RATE, lockout=LOCKOUT)
        return refused.value.code

    codes = await asyncio.gather(*(once(turn) for turn in range(12)))
    assert codes.count("identity.wrong_credentials") == 5
    there = Attempt(EMAIL, PASSWORD, "192.0.2.8")
    with pytest.raises(TooManyAttempts):
        await prove_password(works, passwords, attempt=there, rate=RATE, lockout=LOCKOUT)
    clock.advance(minutes=15, seconds=1)
    assert (
        await prove_password(works, passwords, attempt=there, rate=RATE, lockout=LOCKOUT)
        == signed_up.person
    )


async def test_asking_which_addresses_are_known_is_limited(
    signed_up: Member, clock: HandMovedClock
) -> None:
    async def ask() -> int:
        answer = await signed_up.client.post("/api/v1/auth/register", json=newcomer(EMAIL))
        return answer.status_code

    assert [await ask() for _ in range(10)] == [409] * 9 + [429]
    clock.advance(minutes=2)
    assert await ask() == 409


async def test_passwords_are_checked_off_the_event_loop_a_few_at_once() -> None:
    passwords = Passwords(8)
    steps = 0

    async def count_steps() -> None:
        nonlocal steps
        while True:
            await asyncio.sleep(0)
            steps += 1

    counting = asyncio.create_task(count_steps())
    hashes = await asyncio.gather(*(passwords.hash("a password") for _ in range(AT_ONCE_MAX * 2)))
    counting.cancel()
    assert len(set(hashes)) == AT_ONCE_MAX * 2
    assert steps > 100
