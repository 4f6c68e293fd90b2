"""A program comes in with a personal access token, does what that is for, and nothing else."""

import json
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, cast
from uuid import UUID

import httpx2
import pytest

from solvent.entrypoints.permits import PERMITS
from solvent.runtime.personaltokens import written
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import Member

PATH = "/api/v1/tokens"
OPENAPI = Path(__file__).parents[1] / "golden" / "openapi.json"
ACCOUNT = {"name": "Cash", "kind": "asset", "currency": "EUR"}


async def made(member: Member, *scopes: str, **more: Any) -> dict[str, Any]:
    """Make a token as somebody who is logged in."""
    body = {"name": "A program", "scopes": scopes or ("books:read",)} | more
    answer = await member.post(PATH, json=body)
    assert answer.status_code == 201, answer.text
    return cast("dict[str, Any]", answer.json())


def bearing(token: dict[str, Any]) -> dict[str, str]:
    return {"authorization": f"Bearer {token['token']}"}


async def asked(
    member: Member, token: dict[str, Any], path: str, method: str = "GET", **more: Any
) -> httpx2.Response:
    headers = bearing(token) | more.pop("headers", {})
    return await member.client.request(method, path, headers=headers, **more)


def test_every_route_says_which_tokens_it_lets_in() -> None:
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    routes = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert set(PERMITS) == routes


async def test_a_token_is_shown_once_and_kept_as_a_digest(
    signed_up: Member, works: Works, clock: HandMovedClock
) -> None:
    answer = await signed_up.post(PATH, json={"name": "  Ledger sync "})
    assert "no-store" in answer.headers["cache-control"]
    token = answer.json()
    assert (token["name"], token["scopes"]) == ("Ledger sync", ["books:read"])
    assert datetime.fromisoformat(token["expires_at"]) == clock.now() + timedelta(days=90)
    listed = (await signed_up.get(PATH)).json()["items"]
    assert listed == [{key: value for key, value in token.items() if key != "token"}]
    async with works.for_nobody(cause="test") as work:
        kept = await work.value("select t::text from personal_token t")
    assert token["token"] not in kept


async def test_making_and_revoking_are_security_events(signed_up: Member, works: Works) -> None:
    token = await made(signed_up)
    await signed_up.client.delete(f"{PATH}/{token['id']}", headers=signed_up.headers)
    async with works.for_nobody(cause="test") as work:
        await work.execute("select set_config('solvent.person', $1, true)", str(signed_up.person))
        kinds = await work.column(
            "select kind from security_event where subject = $1 order by seq", UUID(token["id"])
        )
    assert kinds == ["token.made", "token.revoked"]


async def test_a_token_does_what_it_is_for_and_nothing_else(signed_up: Member) -> None:
    accounts = f"{signed_up.home}/accounts"
    reader, writer = await made(signed_up), await made(signed_up, "books:write")
    assert (await asked(signed_up, reader, accounts)).status_code == 200
    assert (await asked(signed_up, writer, accounts, "POST", json=ACCOUNT)).status_code == 201
    for token, method in ((reader, "POST"), (writer, "GET")):
        answer = await asked(signed_up, token, accounts, method, json=ACCOUNT)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.token_may_not")
    assert answer.json()["scope"] == "books:read"
    me = (await asked(signed_up, writer, "/api/v1/me")).json()
    assert me["person"]["id"] == str(signed_up.person)


async def test_no_token_touches_who_somebody_is(signed_up: Member) -> None:
    token = await made(signed_up, "books:read", "books:write", "imports:write", "household:admin")
    for method, path in (
        ("GET", PATH),
        ("POST", PATH),
        ("DELETE", f"{PATH}/{token['id']}"),
        ("POST", "/api/v1/auth/logout"),
        ("POST", "/api/v1/households"),
    ):
        body = {"name": "More", "base_currency": "EUR"} if method == "POST" else None
        if path.endswith("logout"):
            body = None
        answer = await asked(signed_up, token, path, method, json=body)
        assert (answer.status_code, answer.json()["code"]) == (403, "identity.token_may_not"), path
    page = await asked(signed_up, token, f"/h/{signed_up.household}/settings")
    assert page.status_code == 403


async def test_a_revoked_token_is_refused_at_once(signed_up: Member) -> None:
    token, path = await made(signed_up), f"{signed_up.home}/accounts"
    tag = (await asked(signed_up, token, path)).headers["etag"]
    gone = await signed_up.client.delete(f"{PATH}/{token['id']}", headers=signed_up.headers)
    assert gone.status_code == 204
    for headers in ({}, {"if-none-match": tag}):
        assert (await asked(signed_up, token, path, headers=headers)).status_code == 401
    assert (await signed_up.get(PATH)).json()["items"] == []
    again = await signed_up.client.delete(f"{PATH}/{token['id']}", headers=signed_up.headers)
    assert again.status_code == 404


async def test_a_token_wants_a_recent_proof(signed_up: Member, clock: HandMovedClock) -> None:
    clock.advance(minutes=11)
    answer = await signed_up.post(PATH, json={"name": "A program"})
    assert (answer.status_code, answer.json()["code"]) == (403, "identity.proof_needed")


async def test_a_token_ends_on_its_day(signed_up: Member, clock: HandMovedClock) -> None:
    token = await made(signed_up, expires_in_days=1)
    clock.advance(hours=23, minutes=59)
    assert (await asked(signed_up, token, "/api/v1/me")).status_code == 200
    clock.advance(minutes=1)
    assert (await asked(signed_up, token, "/api/v1/me")).status_code == 401


async def test_nobody_sees_or_revokes_a_token_of_somebody_else(
    signed_up: Member, neighbour: Member
) -> None:
    token = await made(signed_up)
    assert (await neighbour.get(PATH)).json()["items"] == []
    answer = await neighbour.client.delete(f"{PATH}/{token['id']}", headers=neighbour.headers)
    assert answer.status_code == 404
    assert (await asked(signed_up, token, f"{neighbour.home}/accounts")).status_code == 404
    body = {"name": "Theirs", "household": str(neighbour.household)}
    assert (await signed_up.post(PATH, json=body)).status_code == 404


async def test_a_token_for_one_household_sees_no_other(signed_up: Member) -> None:
    other = (
        await signed_up.post("/api/v1/households", json={"name": "Club", "base_currency": "EUR"})
    ).json()
    token = await made(signed_up, household=other["id"])
    me = (await asked(signed_up, token, "/api/v1/me")).json()
    assert [each["name"] for each in me["households"]] == ["Club"]
    path = f"/api/v1/households/{other['id']}/accounts"
    assert (await asked(signed_up, token, path)).status_code == 200
    assert (await asked(signed_up, token, f"{signed_up.home}/accounts")).status_code == 404


async def test_an_answer_for_one_token_is_none_for_another(signed_up: Member) -> None:
    path = f"{signed_up.home}/imports"
    tokens = [await made(signed_up), await made(signed_up, "imports:write")]
    tags = {(await asked(signed_up, token, path)).headers["etag"] for token in tokens}
    tags.add((await signed_up.get(path)).headers["etag"])
    assert len(tags) == 3


async def test_what_one_token_was_told_another_is_not(signed_up: Member) -> None:
    path = f"{signed_up.home}/reports/spending?from=2026-01-01&to=2026-02-01"
    reader, writer = await made(signed_up), await made(signed_up, "books:write")
    for _ in range(2):
        assert (await asked(signed_up, reader, path)).status_code == 200
        assert (await asked(signed_up, writer, path)).status_code == 403


async def test_the_last_use_is_noted_at_most_once_a_minute(
    signed_up: Member, clock: HandMovedClock
) -> None:
    token, path = await made(signed_up), f"{signed_up.home}/accounts"

    async def used() -> datetime:
        listed = (await signed_up.get(PATH)).json()["items"]
        return datetime.fromisoformat(listed[0]["used_at"])

    first = await asked(signed_up, token, path)
    began = clock.now()
    clock.advance(seconds=59)
    await asked(signed_up, token, path)
    assert await used() == began
    clock.advance(seconds=1)
    await asked(signed_up, token, path, headers={"if-none-match": first.headers["etag"]})
    assert await used() == clock.now()


async def test_a_secret_is_not_kept_for_a_repeat(signed_up: Member, works: Works) -> None:
    key = {"idempotency-key": "once"}
    first = await signed_up.post(PATH, json={"name": "A program"}, headers=key)
    assert first.status_code == 201
    again = await signed_up.post(PATH, json={"name": "A program"}, headers=key)
    assert (again.status_code, again.json()["code"]) == (409, "request.shown_once")
    assert len((await signed_up.get(PATH)).json()["items"]) == 1
    async with works.for_nobody(cause="test") as work:
        assert await work.value("select count(*) from idempotency where body is not null") == 0


async def test_a_key_belongs_to_the_token_that_sent_it(signed_up: Member) -> None:
    accounts, key = f"{signed_up.home}/accounts", {"idempotency-key": "once"}
    names = []
    for name in ("One", "Two"):
        token = await made(signed_up, "books:write")
        body = ACCOUNT | {"name": name}
        answer = await asked(signed_up, token, accounts, "POST", json=body, headers=key)
        names.append(answer.json()["name"])
    assert names == ["One", "Two"]


async def test_the_journal_says_which_token_wrote(signed_up: Member, works: Works) -> None:
    token = await made(signed_up, "books:write")
    await asked(signed_up, token, f"{signed_up.home}/accounts", "POST", json=ACCOUNT)
    async with works.for_machine(signed_up.household, cause="test") as work:
        written_by = await work.connection.fetchrow(
            "select actor, cause from journal order by seq desc limit 1"
        )
    assert written_by is not None
    assert list(written_by) == [f"person:{signed_up.person}", f"token:{token['id']}"]


async def test_a_person_has_a_bounded_number_of_tokens(signed_up: Member, works: Works) -> None:
    async with works.for_nobody(cause="test") as work:
        await work.execute(
            "insert into personal_token"
            "  (id, person_id, name, scopes, digest, created_at, expires_at)"
            " select gen_random_uuid(), $1, 'x', '{books:read}', sha256(n::text::bytea), $2::timestamptz,"
            "        $2::timestamptz + interval '1 day' from generate_series(1, 50) n",
            signed_up.person,
            work.clock.now(),
        )
    answer = await signed_up.post(PATH, json={"name": "One more"})
    assert (answer.status_code, answer.json()["code"]) == (409, "identity.too_many_tokens")


@pytest.mark.parametrize(
    "body",
    [
        {"name": ""},
        {"name": "x" * 101},
        {"name": "x", "scopes": []},
        {"name": "x", "scopes": ["books"]},
        {"name": "x", "expires_in_days": 0},
        {"name": "x", "expires_in_days": 366},
        {"name": "x", "household": "home"},
    ],
)
async def test_what_is_no_token_is_not_made(signed_up: Member, body: dict[str, Any]) -> None:
    assert (await signed_up.post(PATH, json=body)).status_code == 422


async def test_a_token_that_nobody_made_opens_nothing(signed_up: Member) -> None:
    token = await made(signed_up)
    secrets = [written(bytes(32)), token["token"][:-1], token["token"].swapcase(), "solvent_pat_"]
    for secret in secrets:
        headers = {"authorization": f"Bearer {secret}"}
        answer = await signed_up.client.get("/api/v1/me", headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (401, "identity.not_logged_in")
