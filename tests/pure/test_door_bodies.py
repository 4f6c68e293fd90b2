"""Bodies that are too large, too slow or ambiguous, work that takes too long, and other origins."""

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Message

from solvent.kernel.clock import FixedClock
from solvent.runtime.door.bodies import DEPTH_MAX, Bounded, check_json, checked_json
from solvent.runtime.door.outermost import Bounds, Outermost
from solvent.runtime.door.rates import rates_of
from solvent.runtime.door.refusals import AmbiguousBody, RequestTooSlow
from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.keys import generate_key
from solvent.runtime.settings import load, settings_findings

KEYS = {name: generate_key() for name in ("SOLVENT_SECRET_KEYS", "SOLVENT_FIELD_KEYS")}
FRIEND = "https://friend.example"


async def echo(request: Request) -> Response:
    return JSONResponse({"bytes": len(await request.body())})


async def slow(_: Request) -> Response:
    await asyncio.sleep(30)
    return Response()


def door(**environ: str) -> Outermost:
    loaded = load({"SOLVENT_ENV": "test", "SOLVENT_DATA_DIR": "/nowhere"} | KEYS | environ)
    assert loaded.settings is not None, loaded.findings
    settings = loaded.settings
    clock = FixedClock(datetime(2026, 3, 15, 12, 0, tzinfo=UTC))
    rates = rates_of(settings, Tokens(settings.secrets.keys, clock), clock)
    routes = [Route("/api/echo", echo, methods=["POST"]), Route("/api/slow", slow)]
    return Outermost(Starlette(routes=routes), Bounds.of(settings), rates)


async def ask(app: Outermost, method: str, path: str, **more: object) -> httpx2.Response:
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        return await client.request(method, path, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "body",
    [
        b'{"a": 1, "a": 2}',
        b'[{"b": {"a": 1, "\\u0061": 2}}]',
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": -Infinity}',
        b'{"a": 1e400}',
        b"[" * (DEPTH_MAX + 1) + b"]" * (DEPTH_MAX + 1),
        b'{"a":' * 50_000,
        b"[" * 500_000,
    ],
)
async def test_json_that_two_readers_could_read_differently_is_refused(body: bytes) -> None:
    with pytest.raises(AmbiguousBody):
        check_json(body)
    headers = {"content-type": "application/json"}
    answer = await ask(door(), "POST", "/api/echo", content=body, headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (422, "request.ambiguous_body")


@pytest.mark.parametrize(
    "value",
    [{}, [], "text [[[ {{{ \\" * 100, [[1, 2]] * 100, {"a": {"a": {"a": [1.5, None, True]}}}],
)
async def test_other_json_arrives_as_it_was_sent(value: object) -> None:
    body = json.dumps(value).encode()
    headers = {"content-type": "application/json"}
    answer = await ask(door(), "POST", "/api/echo", content=body, headers=headers)
    assert answer.json() == {"bytes": len(body)}


async def test_a_body_is_counted_as_it_comes_whatever_was_said_of_it() -> None:
    async def chunks() -> AsyncIterator[bytes]:
        for _ in range(20):
            yield b" " * 64 * 1024

    for kind in ("application/json", "text/plain"):
        headers = {"content-type": kind}
        answer = await ask(door(), "POST", "/api/echo", content=chunks(), headers=headers)
        assert answer.status_code == 413
        assert answer.headers["x-frame-options"] == "DENY"


async def test_a_body_that_stops_arriving_is_not_waited_for() -> None:
    async def never() -> Message:
        await asyncio.sleep(30)
        raise AssertionError

    with pytest.raises(RequestTooSlow):
        await checked_json(never, 100, timeout_s=0.01)
    with pytest.raises(HTTPException) as late:
        await Bounded(never, 100, timeout_s=0.01).receive()
    assert late.value.status_code == 408


async def test_work_that_takes_too_long_is_stopped_and_said_to_be_unknown() -> None:
    answer = await ask(door(SOLVENT_HTTP_ANSWER_TIMEOUT_S="1"), "GET", "/api/slow")
    assert (answer.status_code, answer.json()["code"]) == (503, "request.timed_out")
    assert answer.headers["retry-after"] == "5"


async def preflight(app: Outermost, origin: str, method: str, headers: str = "") -> dict[str, str]:
    asked = {"origin": origin, "access-control-request-method": method}
    if headers:
        asked["access-control-request-headers"] = headers
    answer = await ask(app, "OPTIONS", "/api/echo", headers=asked)
    assert answer.status_code == 204
    assert answer.headers["vary"] == "Origin"
    assert answer.headers["ratelimit"]
    return {name: it for name, it in answer.headers.items() if name.startswith("access-control")}


async def test_only_listed_origins_are_allowed_and_by_their_own_name() -> None:
    app = door(SOLVENT_HTTP_ALLOWED_ORIGINS=FRIEND)
    granted = await preflight(app, FRIEND, "PATCH", "Authorization, If-Match")
    assert granted["access-control-allow-origin"] == FRIEND
    assert granted["access-control-allow-credentials"] == "true"
    assert "*" not in "".join(granted.values())
    strangers = (
        "https://evil.example https://friend.example.evil.example null http://friend.example"
    )
    for origin in (*strangers.split(), "http://localhost:3000", "https://x.friend.example"):
        assert await preflight(app, origin, "GET") == {}
        simple = await ask(app, "POST", "/api/echo", headers={"origin": origin})
        assert "access-control-allow-origin" not in simple.headers
    simple = await ask(app, "POST", "/api/echo", headers={"origin": FRIEND})
    assert simple.headers["access-control-allow-origin"] == FRIEND
    assert "ratelimit" in simple.headers["access-control-expose-headers"]


@pytest.mark.parametrize(("method", "headers"), [("TRACE", ""), ("CONNECT", ""), ("GET", "x-evil")])
async def test_other_methods_and_headers_are_not_granted(method: str, headers: str) -> None:
    granted = await preflight(door(SOLVENT_HTTP_ALLOWED_ORIGINS=FRIEND), FRIEND, method, headers)
    assert "access-control-allow-methods" not in granted
    assert "access-control-allow-headers" not in granted


async def test_development_allows_this_machine_and_nobody_else() -> None:
    app = door(SOLVENT_ENV="development")
    for origin in ("http://localhost:3000", "http://127.0.0.1:5173", "http://[::1]:80"):
        assert (await preflight(app, origin, "GET"))["access-control-allow-origin"] == origin
    for origin in ("https://evil.example", "http://localhost.evil.example", "http://[", "null"):
        assert await preflight(app, origin, "GET") == {}


@pytest.mark.parametrize("origin", ["http://friend.example", "https://localhost:3000", "*"])
def test_production_refuses_to_start_with_an_origin_that_is_not_safe(origin: str) -> None:
    said = {"SOLVENT_ENV": "production", "SOLVENT_HTTP_ALLOWED_ORIGINS": origin}
    found = [it for it in settings_findings(said) if it.setting == "SOLVENT_HTTP_ALLOWED_ORIGINS"]
    assert len(found) == 1
    assert found[0].stops
