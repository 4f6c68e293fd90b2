"""What holds for every request: ids, headers, encryption, sizes, health."""

import json
import re
from collections.abc import AsyncIterator
from typing import Any, cast

import httpx2
import pytest
from fastapi import FastAPI

from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.edge.health import answers
from tests.database.clients import Member, opened_client

LOGIN = "/api/v1/auth/login"


def inside(app: Outermost) -> FastAPI:
    return cast("FastAPI", app.app)


@pytest.mark.parametrize(
    "path",
    [
        "/health/liveness",
        "/liveness",
        "/health",
        "/health/readiness",
        "/readiness",
        "/health/startup",
        "/api/health",
        "/api/docs",
        "/api/docs.css",
        "/api/openapi.json",
        "/nowhere",
        "/api/v1/me",
        "/boom",
    ],
)
async def test_every_answer_carries_the_security_headers(app: Outermost, path: str) -> None:
    async def boom() -> None:
        raise RuntimeError("a bug")

    inside(app).get("/boom")(boom)
    async with opened_client(app) as client:
        answer = await client.get(path)
    expected = {"/nowhere": 404, "/api/v1/me": 401, "/boom": 500}
    assert answer.status_code == expected.get(path, 200)
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'")
    assert "unsafe" not in policy
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["referrer-policy"] == "same-origin"
    assert "strict-transport-security" not in answer.headers


async def test_reports_of_what_the_policy_forbade_are_taken_and_bounded(
    app_client: httpx2.AsyncClient,
) -> None:
    old = {"csp-report": {"violated-directive": "script-src 'self'", "blocked-uri": "inline"}}
    new = [{"type": "csp-violation", "body": {"effectiveDirective": "img-src"}}]
    for body in (json.dumps(old), json.dumps(new), "[", "{}", '[[1], {"body": 3}]', "null"):
        answer = await app_client.post("/reports/policy", content=body)
        assert (answer.status_code, answer.content) == (204, b"")
    answer = await app_client.post("/reports/policy", content=b" " * 17 * 1024)
    assert answer.status_code == 413


async def test_a_bug_is_a_bare_500_with_the_requests_id(app: Outermost) -> None:
    async def boom() -> None:
        raise RuntimeError("salary 4711")

    inside(app).get("/boom")(boom)
    async with opened_client(app) as client:
        answer = await client.get("/boom")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["code"] == "internal"
    assert answer.json()["request_id"] == answer.headers["x-request-id"]
    assert "4711" not in answer.text


async def test_a_request_keeps_a_good_id_and_gets_one_for_a_bad_one(
    app_client: httpx2.AsyncClient,
) -> None:
    given = {"x-request-id": "abc-123_def"}
    answer = await app_client.get("/api/v1/me", headers=given)
    assert answer.headers["x-request-id"] == answer.json()["request_id"] == "abc-123_def"
    for bad in ("short", "with space in it", "x" * 65):
        answer = await app_client.get("/api/v1/me", headers={"x-request-id": bad})
        assert re.fullmatch("[0-9a-f]{12}7[0-9a-f]{19}", answer.headers["x-request-id"])


async def test_a_body_beyond_the_limit_is_refused_before_it_is_read(
    app_client: httpx2.AsyncClient,
) -> None:
    body = b'{"email": "' + b"a" * 1024 * 1024 + b'"}'
    headers = {"content-type": "application/json"}
    answer = await app_client.post(LOGIN, content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")
    assert answer.json()["bytes_max"] == 1024 * 1024


async def test_a_body_of_unknown_length_is_counted_as_it_comes(
    app_client: httpx2.AsyncClient,
) -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 64 * 1024

    headers = {"content-type": "application/json"}
    answer = await app_client.post(LOGIN, content=chunks(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "request.too_large")


async def test_an_upload_may_be_larger_than_other_requests(signed_up: Member) -> None:
    path = f"{signed_up.home}/imports"
    answer = await signed_up.post(path, content=b"x" * 2 * 1024 * 1024)
    assert answer.status_code != 413


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"email": "\xff\xfe", "password": "x"}',
        b'{"email": 1, "password": "x"}',
        b'{"email": "\\ud800", "password": "x"}',
        b'{"\\ud800": 1, "email": "x"}',
        b'{"email": "a@b.example", "password": "' + b"x" * 2_000 + b'"}',
        b"[" * 50_000,
        b'{"email": ' + b"9" * 10_000 + b', "password": "x"}',
    ],
)
async def test_a_body_that_is_not_as_documented_is_422(
    app_client: httpx2.AsyncClient, body: bytes
) -> None:
    headers = {"content-type": "application/json"}
    answer = await app_client.post(LOGIN, content=body, headers=headers)
    assert answer.status_code == 422
    assert answer.json()["code"] in {"request.invalid", "request.ambiguous_body"}
    assert answer.headers["content-type"] == "application/problem+json"


async def test_a_method_that_a_route_does_not_take_is_405(app_client: httpx2.AsyncClient) -> None:
    answer = await app_client.delete(LOGIN)
    assert (answer.status_code, answer.json()["code"]) == (405, "request.method")
    assert answer.headers["allow"] == "POST"


async def test_health_says_when_the_database_does_not_answer(app: Outermost) -> None:
    nowhere = DatabaseAddress(*["postgresql:///nowhere?host=/nowhere"] * 3)
    gone = Database(nowhere, PoolSize())
    inside(app).state.database = gone
    assert not await answers(gone)
    async with opened_client(app) as client:
        answer = await client.get("/health/readiness")
        assert (answer.status_code, answer.json()["code"]) == (503, "runtime.database_unavailable")
        assert (await client.get("/health/liveness")).json() == {"status": "alive"}


async def test_the_handbook_lists_every_operation_without_scripts(
    app_client: httpx2.AsyncClient,
) -> None:
    page = (await app_client.get("/api/docs")).text
    document: dict[str, Any] = (await app_client.get("/api/openapi.json")).json()
    assert "/api/v1/auth/login" in document["paths"]
    assert [path for path in document["paths"] if path not in page] == []
    assert "<script" not in page
    assert "style=" not in page


async def test_every_refusal_that_a_route_documents_is_a_problem(
    app_client: httpx2.AsyncClient,
) -> None:
    document = (await app_client.get("/api/openapi.json")).json()
    shapes = [
        (path, status, answer.get("content"))
        for path, methods in document["paths"].items()
        for operation in methods.values()
        for status, answer in operation["responses"].items()
        if int(status) >= 400
    ]
    assert shapes
    assert [each for each in shapes if list(each[2] or {}) != ["application/problem+json"]] == []
    assert "Problem" in document["components"]["schemas"]
