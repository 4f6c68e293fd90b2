"""The life of an account: verified, locked, forgotten, changed, logged out everywhere, closed."""

from dataclasses import dataclass
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI

from solvent.identity.domain import NotVerified, TooManyAttempts
from solvent.identity.letters import LetterKind, Letters
from solvent.identity.operations.forget_links import forget_links
from solvent.identity.operations.forget_sessions import forget_sessions
from solvent.identity.operations.require_verified import require_verified
from solvent.identity.operations.reset_password import ask_reset
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work, Works
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member, log_in, newcomer, registered
from tests.database.letters import answer_wishes, link_token, queued_letters

EMAIL = "alma@example.org"
NEW = "tulip lamp seventeen"
ME = "/api/v1/me"
AUTH = "/api/v1/auth"


async def status(client: httpx2.AsyncClient, path: str, **body: Any) -> int:
    return (await client.post(f"{AUTH}/{path}", json=body)).status_code


async def may_log_in(client: httpx2.AsyncClient, password: str, email: str = EMAIL) -> bool:
    answer: httpx2.Response = await log_in(client, email, password)
    return answer.status_code == 200


async def is_let_in(member: Member) -> bool:
    return (await member.get(ME)).status_code == 200


@dataclass
class Post:
    """The letters of a database, and whoever writes them."""

    address: DatabaseAddress
    settings: Settings
    works: Works

    async def reset_token(self) -> str:
        """Answer those who asked for a new password, and open the newest letter."""
        await answer_wishes(self.address, self.settings, self.works)
        return await link_token(self.address, self.settings, LetterKind.RESET_PASSWORD)


@pytest.fixture
def post(address: DatabaseAddress, settings: Settings, works: Works) -> Post:
    return Post(address, settings, works)


async def test_an_address_is_verified_by_the_link_of_its_letter_once(
    signed_up: Member, address: DatabaseAddress, settings: Settings
) -> None:
    assert (await signed_up.get(ME)).json()["person"]["verified"] is False
    token = await link_token(address, settings, LetterKind.VERIFY_ADDRESS)
    assert await status(signed_up.client, "verify", token="no such token") == 422
    assert await status(signed_up.client, "reset", token=token, password=NEW) == 422
    assert await status(signed_up.client, "verify", token=token) == 204
    assert (await signed_up.get(ME)).json()["person"]["verified"] is True
    assert await status(signed_up.client, "verify", token=token) == 422


async def test_what_waits_for_verification_is_refused_until_then(
    signed_up: Member, address: DatabaseAddress, settings: Settings, works: Works
) -> None:
    async def ask() -> None:
        async with works.for_nobody(cause="test") as work:
            await work.enter_household(signed_up.household, person=signed_up.person)
            await require_verified(work)

    with pytest.raises(NotVerified):
        await ask()
    token = await link_token(address, settings, LetterKind.VERIFY_ADDRESS)
    await status(signed_up.client, "verify", token=token)
    await ask()


async def test_the_machine_and_whom_it_vouches_for_need_no_letter(work: Work) -> None:
    await require_verified(work)


async def test_a_letter_can_be_asked_for_again_and_the_older_link_still_works(
    signed_up: Member, address: DatabaseAddress, settings: Settings, clock: HandMovedClock
) -> None:
    first = await link_token(address, settings, LetterKind.VERIFY_ADDRESS)
    codes = [(await signed_up.post(f"{ME}/verification")).status_code for _ in range(6)]
    assert codes == [202] * 5 + [429]
    clock.advance(days=2)
    assert await status(signed_up.client, "verify", token=first) == 204
    clock.advance(days=2)
    assert (await signed_up.post(f"{ME}/verification")).status_code in {202, 401}


async def test_a_link_expires(
    signed_up: Member,
    address: DatabaseAddress,
    settings: Settings,
    works: Works,
    clock: HandMovedClock,
) -> None:
    token = await link_token(address, settings, LetterKind.VERIFY_ADDRESS)
    clock.advance(days=3, seconds=1)
    assert await status(signed_up.client, "verify", token=token) == 422
    assert await forget_links(works) == 1


async def test_with_verification_before_log_in_every_registration_is_answered_alike(
    app: Outermost, app_client: httpx2.AsyncClient, address: DatabaseAddress, settings: Settings
) -> None:
    inside = app.app
    assert isinstance(inside, FastAPI)
    inside.state.settings = settings.model_copy(update={"verify_before_login": True})
    answers = [await app_client.post(f"{AUTH}/register", json=newcomer(EMAIL)) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [202, 202]
    assert answers[0].content == answers[1].content
    answer = await log_in(app_client, EMAIL)
    assert (answer.status_code, answer.json()["code"]) == (403, "identity.not_verified")
    token = await link_token(address, settings, LetterKind.VERIFY_ADDRESS)
    assert await status(app_client, "verify", token=token) == 204
    assert await may_log_in(app_client, PASSWORD)


@pytest.mark.parametrize(
    "password",
    ["Sh0rt!", "lowercaseonly", "Password1234", "Qwertyuiop12", "alma@example.org!X1", "a" * 40],
)
async def test_a_weak_password_is_refused_wherever_one_is_chosen(
    signed_up: Member, post: Post, password: str
) -> None:
    body = newcomer("bruno@example.org", password=password)
    if "alma" not in password:
        answer = await signed_up.client.post(f"{AUTH}/register", json=body)
        assert (answer.status_code, answer.json()["code"]) == (422, "identity.weak_password")
    change = {"password": PASSWORD, "new_password": password}
    assert (await signed_up.post(f"{ME}/password", json=change)).status_code == 422
    await status(signed_up.client, "forgot", email=EMAIL)
    token = await post.reset_token()
    assert await status(signed_up.client, "reset", token=token, password=password) == 422
    assert await status(signed_up.client, "reset", token=token, password=NEW) == 204


async def test_a_forgotten_password_is_reset_once_and_ends_all_sessions(
    signed_up: Member, address: DatabaseAddress, settings: Settings, works: Works
) -> None:
    assert await status(signed_up.client, "forgot", email=" Alma@example.org") == 202
    await answer_wishes(address, settings, works)
    token = await link_token(address, settings, LetterKind.RESET_PASSWORD)
    assert await status(signed_up.client, "reset", token=token, password=NEW) == 204
    assert not await is_let_in(signed_up)
    assert await status(signed_up.client, "refresh", refresh_token=signed_up.refresh_token) == 401
    assert not await may_log_in(signed_up.client, PASSWORD)
    assert await may_log_in(signed_up.client, NEW)
    assert await status(signed_up.client, "reset", token=token, password=PASSWORD) == 422
    (notice,) = await queued_letters(address, settings, LetterKind.PASSWORD_CHANGED)
    assert notice.to == EMAIL


async def test_asking_for_a_new_password_does_the_same_for_any_address(
    signed_up: Member, address: DatabaseAddress, settings: Settings, works: Works
) -> None:
    before = await queued_letters(address, settings)
    answers = [
        await signed_up.client.post(f"{AUTH}/forgot", json={"email": email})
        for email in (EMAIL, "nobody@example.org")
    ]
    assert {(answer.status_code, answer.content) for answer in answers} == {(202, b'{"sent":true}')}
    # Nothing was looked up for the answer: two wishes wait, and no letter was written yet.
    assert await queued_letters(address, settings) == before
    assert await answer_wishes(address, settings, works) == 2
    assert len(await queued_letters(address, settings)) == len(before) + 1


async def test_letters_to_one_address_are_limited(
    signed_up: Member, address: DatabaseAddress, settings: Settings, works: Works
) -> None:
    codes = [await status(signed_up.client, "forgot", email=EMAIL) for _ in range(5)]
    assert codes == [202] * 5
    await answer_wishes(address, settings, works)
    assert len(await queued_letters(address, settings, LetterKind.RESET_PASSWORD)) == 3


async def test_who_asks_for_letters_is_limited_whatever_the_addresses(
    settings: Settings, works: Works, clock: HandMovedClock
) -> None:
    async def ask(number: int, network: str = "192.0.2.1") -> None:
        await ask_reset(
            works,
            Letters(settings.secrets.keys),
            email=f"nobody-{number}@example.org",
            address=network,
            rate=Rate(10, 60),
        )

    for number in range(10):
        await ask(number)
    with pytest.raises(TooManyAttempts):
        await ask(10)
    await ask(10, "192.0.2.2")
    clock.advance(seconds=61)
    await ask(10)


async def test_an_account_is_locked_wherever_the_guesses_come_from_and_longer_each_time(
    signed_up: Member, app: Outermost, post: Post, clock: HandMovedClock
) -> None:
    async def guess(place: int, password: str = PASSWORD + "?", email: str = EMAIL) -> int:
        transport = httpx2.ASGITransport(app, client=(f"192.0.2.{place}", 1))
        async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
            answer = await log_in(client, email, password)
        waits: int = answer.json().get("retry_after_s", answer.status_code)
        return waits

    for email in (EMAIL, "nobody@example.org"):
        assert [await guess(place, email=email) for place in range(6)] == [401] * 5 + [900]
    clock.advance(seconds=901)
    assert [await guess(place) for place in range(20, 22)] == [401, 1800]
    assert await guess(30, PASSWORD) == 1800
    await status(signed_up.client, "forgot", email=EMAIL)
    token = await post.reset_token()
    locked = await queued_letters(post.address, post.settings, LetterKind.LOGIN_LOCKED)
    assert [letter.to for letter in locked] == [EMAIL]
    assert await status(signed_up.client, "reset", token=token, password=NEW) == 204
    assert await guess(31, NEW) == 200


async def test_changing_the_password_asks_for_the_old_one_and_ends_the_other_sessions(
    signed_up: Member,
) -> None:
    other = (await log_in(signed_up.client, EMAIL)).json()["access_token"]
    wrong = {"password": "not this one", "new_password": NEW}
    answer = await signed_up.post(f"{ME}/password", json=wrong)
    assert (answer.status_code, answer.json()["code"]) == (422, "identity.wrong_proof")
    right = {"password": PASSWORD, "new_password": NEW}
    assert (await signed_up.post(f"{ME}/password", json=right)).status_code == 204
    assert await is_let_in(signed_up)
    headers = {"authorization": f"Bearer {other}"}
    assert (await signed_up.client.get(ME, headers=headers)).status_code == 401
    assert await may_log_in(signed_up.client, NEW)


async def test_an_address_is_changed_when_the_new_one_answers(
    signed_up: Member, address: DatabaseAddress, settings: Settings
) -> None:
    async def ask(email: str) -> int:
        return (await signed_up.post(f"{ME}/address", json={"email": email})).status_code

    assert await ask("alma@new.example") == 202
    assert await may_log_in(signed_up.client, PASSWORD)
    token = await link_token(address, settings, LetterKind.CHANGE_ADDRESS)
    assert await status(signed_up.client, "confirm-address", token=token) == 204
    person = (await signed_up.get(ME)).json()["person"]
    assert (person["email"], person["verified"]) == ("alma@new.example", True)
    (notice,) = await queued_letters(address, settings, LetterKind.ADDRESS_CHANGED)
    assert notice.to == EMAIL
    assert await may_log_in(signed_up.client, PASSWORD, "alma@new.example")
    assert not await may_log_in(signed_up.client, PASSWORD)


async def test_an_address_that_somebody_has_is_not_taken_and_not_told(
    signed_up: Member, neighbour: Member, address: DatabaseAddress, settings: Settings
) -> None:
    assert neighbour
    body = {"email": "bruno@example.org"}
    assert (await signed_up.post(f"{ME}/address", json=body)).status_code == 202
    assert await queued_letters(address, settings, LetterKind.CHANGE_ADDRESS) == []
    (warning,) = await queued_letters(address, settings, LetterKind.ADDRESS_KNOWN)
    assert warning.to == "bruno@example.org"


async def test_what_is_dangerous_wants_a_recent_proof(
    signed_up: Member, clock: HandMovedClock
) -> None:
    clock.advance(minutes=14)
    answer = await signed_up.post(f"{ME}/address", json={"email": "alma@new.example"})
    assert (answer.status_code, answer.json()["code"]) == (403, "identity.proof_needed")
    assert (await signed_up.post(f"{ME}/close")).status_code == 403


async def test_logging_out_everywhere_holds_at_once_for_every_process(
    signed_up: Member, neighbour: Member
) -> None:
    other = (await log_in(signed_up.client, EMAIL)).json()
    answer = await signed_up.post(f"{ME}/log-out-everywhere", json={"keep_this": True})
    assert answer.json() == {"ended": 1}
    assert await is_let_in(signed_up)
    assert await status(signed_up.client, "refresh", refresh_token=other["refresh_token"]) == 401
    assert (await signed_up.post(f"{ME}/log-out-everywhere", json={})).json() == {"ended": 1}
    assert not await is_let_in(signed_up)
    assert await is_let_in(neighbour)


async def test_sessions_that_are_long_over_are_forgotten(
    signed_up: Member, works: Works, clock: HandMovedClock
) -> None:
    assert (await signed_up.get(f"{ME}/sessions")).json()["items"][0]["channel"] == "api"
    clock.advance(days=30)
    assert await forget_sessions(works) == 0
    clock.advance(days=8)
    assert await forget_sessions(works) == 1


async def test_an_account_is_closed_with_the_households_that_are_its_own(
    signed_up: Member, address: DatabaseAddress
) -> None:
    body = {"name": "Current", "kind": "asset", "currency": "EUR", "opening_balance_minor": 100}
    assert (await signed_up.post(f"{signed_up.home}/accounts", json=body)).status_code == 201
    assert (await signed_up.post(f"{ME}/close")).status_code == 204
    assert not await is_let_in(signed_up)
    connection = await connect(address.owner, OWNER)
    try:
        left = (
            await connection.fetchrow(
                "select (select count(*) from person), (select count(*) from household), "
                "(select count(*) from posting), (select count(*) from session)"
            )
            or ()
        )
    finally:
        await connection.close()
    assert tuple(left) == (0, 0, 0, 0)
    again = await registered(signed_up.client, EMAIL)
    assert again.person != signed_up.person


async def test_an_account_stays_while_others_would_be_left_without_an_owner(
    signed_up: Member, neighbour: Member, address: DatabaseAddress
) -> None:
    join = (
        "insert into membership (household_id, person_id, role, created_at) "
        "values ($1, $2, $3, now()) on conflict (household_id, person_id) do update set role = $3"
    )
    connection = await connect(address.owner, OWNER)
    try:
        await connection.execute(join, signed_up.household, neighbour.person, "editor")
        answer = await signed_up.post(f"{ME}/close")
        assert (answer.status_code, answer.json()["code"]) == (409, "profile.others_would_be_left")
        assert answer.json()["households"] == "Home"
        assert await is_let_in(signed_up)
        await connection.execute(join, signed_up.household, neighbour.person, "owner")
        assert (await signed_up.post(f"{ME}/close")).status_code == 204
    finally:
        await connection.close()
    homes = (await neighbour.get(ME)).json()["households"]
    assert {home["id"] for home in homes} == {str(neighbour.household), str(signed_up.household)}


async def test_the_links_of_letters_lead_to_pages_that_spend_nothing_before_a_press(
    signed_up: Member, post: Post
) -> None:
    client = signed_up.client
    token = await link_token(post.address, post.settings, LetterKind.VERIFY_ADDRESS)
    for _ in range(2):
        assert (await client.get("/verify", params={"token": token})).status_code == 200
    assert (await client.post("/verify", data={"token": token})).status_code == 303
    assert (await client.post("/verify", data={"token": token})).status_code == 422
    assert (await client.get("/forgot")).status_code == 200
    assert (await client.post("/forgot", data={"email": EMAIL})).status_code == 200
    token = await post.reset_token()
    assert (await client.get("/reset", params={"token": token})).status_code == 200
    answer = await client.post("/reset", data={"token": token, "password": "too easy"})
    assert answer.status_code == 422
    answer = await client.post("/reset", data={"token": token, "password": NEW})
    assert answer.status_code == 303
    assert await may_log_in(client, NEW)
    assert (await client.get("/change-address?token=x")).status_code == 200
    assert (await client.post("/change-address", data={"token": "x"})).status_code == 422
