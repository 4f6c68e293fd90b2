"""What is let in at the door, and what every answer says; before an application of two routes."""

import re
from datetime import UTC, datetime

import httpx2
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from solvent.kernel.clock import FixedClock
from solvent.runtime.door.headers import CONTENT_SECURITY_POLICY
from solvent.runtime.door.outermost import Bounds, Outermost
from solvent.runtime.door.rates import rates_of
from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.keys import generate_key
from solvent.runtime.settings import load

KEYS = {name: generate_key() for name in ("SOLVENT_SECRET_KEYS", "SOLVENT_FIELD_KEYS")}


async def page(request: Request) -> Response:
    return PlainTextResponse(f"{request.url.scheme} {request.url.netloc}")


async def bug(_: Request) -> Response:
    raise RuntimeError("a bug")


ROUTES = [Route(path, page) for path in ("/log-in", "/api/docs", "/health")]


def answering(**environ: str) -> Outermost:
    """Put a door with these settings before the two routes."""
    plain = {"SOLVENT_ENV": "test", "SOLVENT_DATA_DIR": "/nowhere"}
    loaded = load(plain | KEYS | environ)
    assert loaded.settings is not None, loaded.findings
    routes = [*ROUTES, Route("/boom", bug)]
    settings = loaded.settings
    clock = FixedClock(datetime(2026, 3, 15, 12, 0, tzinfo=UTC))
    rates = rates_of(settings, Tokens(settings.secrets.keys, clock), clock)
    return Outermost(Starlette(routes=routes), Bounds.of(settings), rates)


async def ask(app: Outermost, url: str, *, peer: str, **headers: str) -> httpx2.Response:
    transport = httpx2.ASGITransport(app, client=(peer, 1234))
    async with httpx2.AsyncClient(transport=transport) as client:
        return await client.get(url, headers={k.replace("_", "-"): v for k, v in headers.items()})


@pytest.mark.parametrize("host", ["localhost:8800", "127.0.0.1", "[::1]:8800", "a.localhost"])
async def test_plain_http_is_for_this_machine(host: str) -> None:
    answer = await ask(answering(), "http://localhost/api/docs", peer="127.0.0.1", host=host)
    assert answer.status_code == 200


async def test_plain_http_on_another_host_is_refused() -> None:
    app = answering(SOLVENT_ALLOWED_HOSTS="money.example")
    answer = await ask(app, "http://money.example/api/docs", peer="192.0.2.1")
    assert (answer.status_code, answer.json()["code"]) == (403, "request.insecure")
    assert (await ask(app, "http://money.example/health", peer="192.0.2.1")).status_code == 200


async def test_https_may_be_said_by_a_proxy_on_this_machine_only() -> None:
    url = "http://money.example/api/docs"
    app = answering(SOLVENT_PUBLIC_URL="https://money.example")
    near = await ask(app, url, peer="127.0.0.1", x_forwarded_proto="https")
    assert near.status_code == 200
    assert near.headers["strict-transport-security"].startswith("max-age=")
    far = await ask(app, url, peer="192.0.2.1", x_forwarded_proto="https")
    assert far.status_code == 403


async def test_an_open_network_can_be_allowed_and_a_proxy_trusted() -> None:
    from_lan = answering(SOLVENT_INSECURE_LAN="true")
    for host in ("192.168.1.5:8800", "[fd00::5]:8800", "attic", "attic.local"):
        assert (await ask(from_lan, f"http://{host}/api/docs", peer="10.0.0.5")).status_code == 200
    rebound = await ask(from_lan, "http://rebound.example/api/docs", peer="10.0.0.5")
    assert rebound.json()["code"] == "request.unknown_host"


HOME = {"SOLVENT_PUBLIC_URL": "https://money.example"}


@pytest.mark.parametrize(
    "host",
    ["evil.example", "money.example.evil.example", "evil.example:443", "", "a b", "@", "x/y"],
)
async def test_a_host_that_is_not_ours_is_refused(host: str) -> None:
    app = answering(**HOME)
    answer = await ask(app, "https://money.example/log-in", peer="192.0.2.1", host=host)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.unknown_host")
    assert answer.headers["content-security-policy"]
    said = await ask(
        app, "https://money.example/log-in", peer="192.0.2.1", x_forwarded_host="evil.example"
    )
    assert (said.status_code, said.json()["code"]) == (400, "request.unknown_host")


async def test_a_header_that_may_stand_once_is_refused_twice() -> None:
    transport = httpx2.ASGITransport(answering())
    async with httpx2.AsyncClient(transport=transport) as client:
        doubled = [("host", "localhost"), ("host", "evil.example")]
        answer = await client.get("http://localhost/api/docs", headers=doubled)
    assert (answer.status_code, answer.json()["code"]) == (400, "request.ambiguous")


async def test_too_many_headers_and_too_long_an_address_are_refused() -> None:
    many = {f"x_{number}": "a" for number in range(101)}
    answer = await ask(answering(), "http://localhost/api/docs", peer="127.0.0.1", **many)
    assert (answer.status_code, answer.json()["code"]) == (431, "request.headers_too_large")
    long = "http://localhost/api/docs?" + "a" * 9_000
    answer = await ask(answering(), long, peer="127.0.0.1")
    assert (answer.status_code, answer.json()["code"]) == (414, "request.query_too_long")


async def test_a_reader_of_a_page_is_led_to_where_it_is_encrypted() -> None:
    app = answering(**HOME, SOLVENT_HTTP_ALLOWED_ORIGINS="")
    led = await ask(app, "http://money.example//evil.example/log-in?next=/x", peer="192.0.2.1")
    assert led.status_code == 308
    assert led.headers["location"] == "https://money.example//evil.example/log-in?next=/x"
    program = await ask(app, "http://money.example/api/v1/me", peer="192.0.2.1")
    assert program.json()["code"] == "request.insecure"
    bearer = await ask(
        app, "http://money.example/log-in", peer="192.0.2.1", authorization="Bearer x"
    )
    assert bearer.json()["code"] == "request.insecure"


ANSWERS = {
    "https://money.example/log-in": 200,
    "https://money.example/nowhere": 404,
    "https://money.example/boom": 500,
    "https://evil.example/log-in": 400,
    "http://money.example/log-in": 308,
    "http://money.example/api/v1/me": 403,
    "https://money.example/health/liveness": 200,
}


@pytest.mark.parametrize(("url", "status"), ANSWERS.items())
async def test_every_answer_carries_every_header_once(url: str, status: int) -> None:
    answer = await ask(answering(**HOME), url, peer="192.0.2.1")
    assert answer.status_code == status
    names = [name.lower() for name, _ in answer.headers.multi_items()]
    assert [name for name in EXPECTED if names.count(name) != 1] == []
    assert answer.headers["x-xss-protection"] == "1; mode=block"
    encrypted = url.startswith("https://") and "liveness" not in url
    assert ("strict-transport-security" in names) is encrypted


EXPECTED = (
    "content-security-policy",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "permissions-policy",
    "referrer-policy",
    "reporting-endpoints",
    "x-content-type-options",
    "x-frame-options",
    "x-permitted-cross-domain-policies",
    "x-request-id",
    "x-xss-protection",
)


async def test_the_settings_may_change_what_is_said_of_transport_and_of_scripts() -> None:
    app = answering(**HOME, SOLVENT_HTTP_HSTS="off", SOLVENT_HTTP_XSS_HEADER="0")
    answer = await ask(app, "https://money.example/log-in", peer="192.0.2.1")
    assert "strict-transport-security" not in answer.headers
    assert answer.headers["x-xss-protection"] == "0"


OBSERVATORY: dict[str, tuple[str, int]] = {
    "content-security-policy": (r"default-src 'none'(?!.*(unsafe|\*|http:|data:; script))", 10),
    "x-content-type-options": (r"nosniff", 0),
    "x-frame-options": (r"DENY", 5),
    "referrer-policy": (r"same-origin|no-referrer|strict-origin.*", 5),
    "strict-transport-security": (r"max-age=31536000; includeSubDomains", 0),
    "cross-origin-resource-policy": (r"same-origin", 10),
}
"""What MDN's HTTP Observatory gives on top of 100 for each, and 25 that it takes where one fails."""


async def test_our_own_count_by_the_observatorys_table_reaches_125() -> None:
    answer = await ask(answering(**HOME), "https://money.example/log-in", peer="192.0.2.1")
    score = 100
    for name, (wanted, bonus) in OBSERVATORY.items():
        score += bonus if re.match(wanted, answer.headers.get(name, "")) else -25
    assert score >= 125


def test_the_policy_for_content_lets_nothing_in_from_elsewhere() -> None:
    directives = dict(it.split(" ", 1) for it in CONTENT_SECURITY_POLICY.split("; "))
    assert directives["default-src"] == directives["object-src"] == "'none'"
    assert directives["frame-ancestors"] == directives["base-uri"] == "'none'"
    allowed = {"'none'", "'self'", "data:"}
    reports = {"report-uri", "report-to"}
    for name, sources in directives.items():
        assert name in reports or set(sources.split()) <= allowed
    assert [name for name, it in directives.items() if "data:" in it] == ["img-src"]
