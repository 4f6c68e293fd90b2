"""Answers that are still good are not made again, and a change is made to what was read."""

from typing import Any

import httpx2
import pytest

from tests.clocks import HandMovedClock
from tests.database.clients import Member


async def opened(member: Member, name: str) -> httpx2.Response:
    body = {"name": name, "kind": "asset", "currency": "EUR"}
    answer = await member.post(f"{member.home}/accounts", json=body)
    assert answer.status_code == 201, answer.text
    return answer


async def renamed(
    member: Member, account: dict[str, Any], name: str, **headers: str
) -> httpx2.Response:
    return await member.client.patch(
        f"{member.home}/accounts/{account['id']}",
        json={"name": name},
        headers=member.headers | {key.replace("_", "-"): value for key, value in headers.items()},
    )


async def test_a_question_asked_again_costs_no_answer_until_something_changes(
    signed_up: Member,
) -> None:
    path = f"{signed_up.home}/accounts"
    first = await signed_up.get(path)
    tag = {"if-none-match": first.headers["etag"]}
    again = await signed_up.get(path, headers=tag)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    await opened(signed_up, "Cash")
    changed = await signed_up.get(path, headers=tag)
    assert changed.status_code == 200
    assert changed.headers["etag"] != first.headers["etag"]
    assert "private" in changed.headers["cache-control"]


async def test_an_answer_is_another_for_another_question_day_or_person(
    signed_up: Member, neighbour: Member, clock: HandMovedClock
) -> None:
    path = f"{signed_up.home}/balances"
    tags = [
        (await signed_up.get(path)).headers["etag"],
        (await signed_up.get(f"{path}?on=2026-01-01")).headers["etag"],
        (await neighbour.get(f"{neighbour.home}/balances")).headers["etag"],
        (await signed_up.get(path, headers={"accept-language": "de"})).headers["etag"],
    ]
    clock.advance(minutes=10)
    assert (await signed_up.get(path)).headers["etag"] == tags[0]
    pair = (
        await signed_up.client.post(
            "/api/v1/auth/refresh", json={"refresh_token": signed_up.refresh_token}
        )
    ).json()
    clock.advance(hours=12)
    later = await signed_up.client.post(
        "/api/v1/auth/refresh", json={"refresh_token": pair["refresh_token"]}
    )
    headers = {"authorization": f"Bearer {later.json()['access_token']}"}
    tags.append((await signed_up.client.get(path, headers=headers)).headers["etag"])
    assert len(set(tags)) == 5


async def test_a_good_tag_shows_nothing_to_somebody_who_may_not_read(
    signed_up: Member, neighbour: Member
) -> None:
    path = f"{signed_up.home}/accounts"
    tag = {"if-none-match": (await signed_up.get(path)).headers["etag"]}
    assert (await neighbour.get(path, headers=tag)).status_code == 404
    assert (await signed_up.client.get(path, headers=tag)).status_code == 401


async def test_a_change_to_what_was_read_is_made(signed_up: Member) -> None:
    answer = await opened(signed_up, "Cash")
    changed = await renamed(signed_up, answer.json(), "Purse", if_match=answer.headers["etag"])
    assert (changed.status_code, changed.json()["name"]) == (200, "Purse")
    assert changed.headers["etag"] != answer.headers["etag"]


async def test_a_change_to_what_has_changed_meanwhile_is_refused(signed_up: Member) -> None:
    answer = await opened(signed_up, "Cash")
    account, tag = answer.json(), answer.headers["etag"]
    current = (await renamed(signed_up, account, "Purse")).headers["etag"]
    stale = await renamed(signed_up, account, "Wallet", if_match=tag)
    assert (stale.status_code, stale.json()["code"]) == (412, "request.version_stale")
    assert f'"{stale.json()["current"]}"' == current
    assert (await renamed(signed_up, account, "Wallet", if_match="*")).status_code == 200


@pytest.mark.parametrize("tag", ["x", '"x"', "-1", "", '"99999999999999999999"', '"\u0661"'])
async def test_a_version_that_is_none_is_refused(signed_up: Member, tag: str) -> None:
    account = (await opened(signed_up, "Cash")).json()
    headers = {name.encode(): value.encode() for name, value in signed_up.headers.items()}
    answer = await signed_up.client.patch(
        f"{signed_up.home}/accounts/{account['id']}",
        json={"name": "Purse"},
        headers=headers | {b"if-match": tag.encode()},
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "request.bad_version")


async def test_what_stands_in_memory_is_given_again_until_the_books_change(
    signed_up: Member,
) -> None:
    path = f"{signed_up.home}/accounts"
    first = await signed_up.get(path)
    again = await signed_up.get(path)
    assert again.content == first.content
    assert dict(again.headers) | {"x-request-id": ""} == dict(first.headers) | {"x-request-id": ""}
    await opened(signed_up, "Cash")
    names = [account["name"] for account in (await signed_up.get(path)).json()["items"]]
    assert "Cash" in names


async def test_what_stands_in_memory_is_given_to_nobody_else_and_not_after_the_session(
    signed_up: Member, neighbour: Member
) -> None:
    path = f"{signed_up.home}/accounts"
    assert (await signed_up.get(path)).status_code == (await signed_up.get(path)).status_code == 200
    assert (await neighbour.get(path)).status_code == 404
    assert (await signed_up.client.get(path)).status_code == 401
    out = {"refresh_token": signed_up.refresh_token}
    assert (await signed_up.post("/api/v1/auth/logout", json=out)).status_code == 204
    assert (await signed_up.get(path)).status_code == 401
