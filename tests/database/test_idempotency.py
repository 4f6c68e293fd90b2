"""A write that is sent twice happens once."""

from solvent.runtime.work import Works
from tests.database.clients import Member

BODY = {"name": "Second", "base_currency": "USD"}
PATH = "/api/v1/households"


async def names(member: Member) -> list[str]:
    me = (await member.get("/api/v1/me")).json()
    return [each["name"] for each in me["households"]]


async def test_the_same_key_gives_the_same_answer_and_one_effect(signed_up: Member) -> None:
    key = {"idempotency-key": "once"}
    first = await signed_up.post(PATH, json=BODY, headers=key)
    again = await signed_up.post(PATH, json=BODY, headers=key)
    assert first.status_code == again.status_code == 201
    assert first.content == again.content
    assert again.headers["idempotency-replayed"] == "true"
    assert "idempotency-replayed" not in first.headers
    assert await names(signed_up) == ["Home", "Second"]


async def test_without_a_key_two_requests_are_two(signed_up: Member) -> None:
    for _ in range(2):
        assert (await signed_up.post(PATH, json=BODY)).status_code == 201
    assert await names(signed_up) == ["Home", "Second", "Second"]


async def test_the_same_key_with_another_body_is_refused(signed_up: Member) -> None:
    key = {"idempotency-key": "once"}
    await signed_up.post(PATH, json=BODY, headers=key)
    answer = await signed_up.post(PATH, json=BODY | {"name": "Third"}, headers=key)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.key_reused")
    assert await names(signed_up) == ["Home", "Second"]


async def test_a_key_whose_request_is_still_running_is_refused(
    signed_up: Member, works: Works
) -> None:
    held = f"{signed_up.person} POST {PATH} once"
    async with works.for_nobody(cause="test") as work:
        await work.value("select pg_advisory_xact_lock(hashtextextended($1, 7))", held)
        answer = await signed_up.post(PATH, json=BODY, headers={"idempotency-key": "once"})
    assert (answer.status_code, answer.json()["code"]) == (409, "request.key_in_flight")
    assert answer.headers["retry-after"] == "1"


async def test_a_key_belongs_to_one_person(signed_up: Member, neighbour: Member) -> None:
    key = {"idempotency-key": "once"}
    await signed_up.post(PATH, json=BODY, headers=key)
    answer = await neighbour.post(PATH, json=BODY | {"name": "Theirs"}, headers=key)
    assert answer.status_code == 201
    assert await names(neighbour) == ["Home", "Theirs"]


async def test_a_refused_request_keeps_no_answer(signed_up: Member) -> None:
    key = {"idempotency-key": "once"}
    bad = BODY | {"base_currency": "EUX"}
    assert (await signed_up.post(PATH, json=bad, headers=key)).status_code == 422
    assert (await signed_up.post(PATH, json=BODY, headers=key)).status_code == 201


async def test_a_key_has_a_length(signed_up: Member) -> None:
    for bad in ("", "x" * 201, "a\tb"):
        answer = await signed_up.post(PATH, json=BODY, headers={"idempotency-key": bad})
        assert (answer.status_code, answer.json()["code"]) == (422, "request.bad_key")


async def test_an_address_that_no_database_could_hold_is_only_not_found(
    signed_up: Member,
) -> None:
    path = f"{signed_up.home}/transactions/%00/restore"
    answer = await signed_up.post(path, headers={"idempotency-key": "once"})
    assert (answer.status_code, answer.json()["code"]) == (422, "request.invalid")


async def test_the_answer_again_has_the_version_of_the_first(signed_up: Member) -> None:
    body = {"name": "Cash", "kind": "asset", "currency": "EUR"}
    key = {"idempotency-key": "once"}
    path = f"{signed_up.home}/accounts"
    first = await signed_up.post(path, json=body, headers=key)
    again = await signed_up.post(path, json=body, headers=key)
    assert again.headers["idempotency-replayed"] == "true"
    assert again.headers["etag"] == first.headers["etag"]
