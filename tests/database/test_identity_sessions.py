"""Registering, logging in and out, and tokens that are used once."""

import asyncio

import httpx2
import pytest

from solvent.identity.operations.open_page_session import open_page_session
from solvent.runtime.database import Database
from solvent.runtime.edge.credentials import COOKIE, CSRF_HEADER, Tokens
from solvent.runtime.passwords import Passwords
from solvent.runtime.settinggroups import Settings
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member, log_in, newcomer


async def refresh(member: Member, token: str) -> httpx2.Response:
    return await member.client.post("/api/v1/auth/refresh", json={"refresh_token": token})


async def asked_who(client: httpx2.AsyncClient, access_token: str) -> int:
    headers = {"authorization": f"Bearer {access_token}"}
    return (await client.get("/api/v1/me", headers=headers)).status_code


async def test_a_person_signs_up_and_uses_their_household_at_once(signed_up: Member) -> None:
    answer = await signed_up.get("/api/v1/me")
    assert answer.status_code == 200
    assert answer.json() == {
        "person": {
            "id": str(signed_up.person),
            "email": "alma@example.org",
            "name": "Alma Example",
            "locale": "en",
            "verified": False,
        },
        "households": [
            {
                "id": str(signed_up.household),
                "name": "Home",
                "role": "owner",
                "base_currency": "EUR",
            }
        ],
    }


async def test_an_address_is_one_however_it_is_written(signed_up: Member) -> None:
    assert (await log_in(signed_up.client, "  ALMA@Example.ORG ")).status_code == 200


async def test_a_known_address_is_refused_and_nothing_of_it_is_kept(
    signed_up: Member, database: Database
) -> None:
    again = newcomer("Alma@example.org")
    answer = await signed_up.client.post("/api/v1/auth/register", json=again)
    assert (answer.status_code, answer.json()["code"]) == (409, "identity.email_taken")
    async with database.connection() as connection:
        assert await connection.fetchval("select count(*) from person") == 1


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"email": "nobody"}, "identity.bad_email"),
        ({"email": "a\0b@example.org"}, "identity.bad_email"),
        ({"password": "short"}, "identity.weak_password"),
        ({"password": "dora@example.org"}, "identity.weak_password"),
        ({"name": " "}, "request.invalid"),
        ({"name": "a\0b"}, "request.invalid"),
        ({"household": {"name": "Home", "base_currency": "EUX"}}, "money.unknown_currency"),
        ({"household": {"name": "Home", "base_currency": "XXX"}}, "money.unknown_currency"),
        (
            {"household": {"name": "Home", "base_currency": "EUR", "time_zone": "Mars"}},
            "households.unknown_time_zone",
        ),
    ],
)
async def test_what_cannot_be_registered_is_refused_by_name(
    app_client: httpx2.AsyncClient, changes: dict[str, object], code: str
) -> None:
    body = newcomer("dora@example.org", **changes)
    answer = await app_client.post("/api/v1/auth/register", json=body)
    assert (answer.status_code, answer.json()["code"]) == (422, code)


async def test_a_wrong_password_and_an_unknown_address_look_the_same(signed_up: Member) -> None:
    wrong = await log_in(signed_up.client, "alma@example.org", "not the right one")
    unknown = await log_in(signed_up.client, "nobody@example.org", "not the right one")
    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json() | {"request_id": ""} == unknown.json() | {"request_id": ""}
    assert wrong.json()["code"] == "identity.wrong_credentials"


async def test_every_byte_of_a_long_password_counts(app_client: httpx2.AsyncClient) -> None:
    password = "long enough " * 8
    body = newcomer("alma@example.org", password=password + "a")
    assert (await app_client.post("/api/v1/auth/register", json=body)).status_code == 201
    assert (await log_in(app_client, "alma@example.org", password + "b")).status_code == 401
    assert (await log_in(app_client, "alma@example.org", password + "a")).status_code == 200


async def test_a_hash_of_another_cost_is_made_anew_at_log_in(
    signed_up: Member, database: Database
) -> None:
    old = await Passwords(5).hash(PASSWORD)
    async with database.connection() as connection:
        await connection.execute("update person set password_hash = $1", old)
        assert (await log_in(signed_up.client, "alma@example.org")).status_code == 200
        fresh = await connection.fetchval("select password_hash from person")
    assert fresh.startswith("$2b$04$")
    assert (await log_in(signed_up.client, "alma@example.org")).status_code == 200


async def test_a_refresh_token_buys_the_next_pair_once(signed_up: Member) -> None:
    answer = await refresh(signed_up, signed_up.refresh_token)
    assert answer.status_code == 200
    pair = answer.json()
    assert pair["token_type"] == "Bearer"
    assert pair["expires_in"] == 900
    assert pair["refresh_token"] != signed_up.refresh_token
    assert await asked_who(signed_up.client, pair["access_token"]) == 200


async def test_a_reused_refresh_token_ends_the_whole_session(signed_up: Member) -> None:
    pair = (await refresh(signed_up, signed_up.refresh_token)).json()
    reused = await refresh(signed_up, signed_up.refresh_token)
    assert (reused.status_code, reused.json()["code"]) == (401, "identity.refresh_reused")
    later = await refresh(signed_up, pair["refresh_token"])
    assert (later.status_code, later.json()["code"]) == (401, "identity.refresh_refused")
    assert await asked_who(signed_up.client, pair["access_token"]) == 401


async def test_of_many_refreshes_at_once_one_wins_and_the_session_ends(
    signed_up: Member,
) -> None:
    answers = await asyncio.gather(*(refresh(signed_up, signed_up.refresh_token) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]
    pair = next(answer.json() for answer in answers if answer.status_code == 200)
    assert await asked_who(signed_up.client, pair["access_token"]) == 401


async def test_logging_out_counts_at_once(signed_up: Member) -> None:
    body = {"refresh_token": signed_up.refresh_token}
    answer = await signed_up.client.post("/api/v1/auth/logout", json=body)
    assert (answer.status_code, answer.content) == (204, b"")
    assert (await signed_up.get("/api/v1/me")).status_code == 401
    assert (await refresh(signed_up, signed_up.refresh_token)).status_code == 401


async def test_logging_out_by_the_access_token_alone_ends_its_session(signed_up: Member) -> None:
    assert (await signed_up.post("/api/v1/auth/logout")).status_code == 204
    assert (await signed_up.get("/api/v1/me")).status_code == 401


async def test_an_access_token_lasts_a_quarter_of_an_hour_and_a_refresh_a_week(
    signed_up: Member, clock: HandMovedClock
) -> None:
    clock.advance(minutes=14)
    assert (await signed_up.get("/api/v1/me")).status_code == 200
    clock.advance(minutes=2)
    assert (await signed_up.get("/api/v1/me")).json()["code"] == "identity.not_logged_in"
    clock.advance(days=6)
    pair = (await refresh(signed_up, signed_up.refresh_token)).json()
    clock.advance(days=7, seconds=1)
    answer = await refresh(signed_up, pair["refresh_token"])
    assert (answer.status_code, answer.json()["code"]) == (401, "identity.refresh_refused")


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "ey.ey.ey", "x" * 5_000])
async def test_a_token_that_we_did_not_make_proves_nothing(
    app_client: httpx2.AsyncClient, token: str
) -> None:
    assert await asked_who(app_client, token) == 401


async def test_no_secret_stands_in_the_database_as_it_is(
    signed_up: Member, database: Database
) -> None:
    async with database.connection() as connection:
        tokens = await connection.fetch("select digest from refresh_token")
        password = await connection.fetchval("select password_hash from person")
    assert all(len(row["digest"]) == 32 for row in tokens)
    assert signed_up.refresh_token.encode() not in {row["digest"] for row in tokens}
    assert password.startswith("$2b$")


async def test_a_page_holds_a_cookie_and_changes_nothing_without_its_csrf_token(
    signed_up: Member, works: Works, settings: Settings, clock: HandMovedClock
) -> None:
    async with works.for_nobody(cause="test") as work:
        cookie = await open_page_session(work, person=signed_up.person, lifetimes=settings.sessions)
    held = {"cookie": f"{COOKIE}={cookie}"}
    client = signed_up.client
    assert (await client.get("/api/v1/me", headers=held)).status_code == 200
    body = {"name": "Second", "base_currency": "USD"}
    refused = await client.post("/api/v1/households", json=body, headers=held)
    assert (refused.status_code, refused.json()["code"]) == (403, "request.csrf")
    held[CSRF_HEADER] = Tokens(settings.secrets.keys, clock).csrf_token(cookie)
    elsewhere = held | {"origin": "https://evil.example"}
    refused = await client.post("/api/v1/households", json=body, headers=elsewhere)
    assert refused.status_code == 403
    made = await client.post("/api/v1/households", json=body, headers=held)
    assert made.status_code == 201
    me = (await client.get("/api/v1/me", headers=held)).json()
    assert [each["name"] for each in me["households"]] == ["Home", "Second"]
