"""The one way in which Solvent calls other programs over HTTP.

Only public addresses are asked (``connecting``), or hosts that the settings allow. Every call has a
deadline, a limit to its answer, and a few repeats with jitter where repeating is harmless; a host
that fails again and again is left alone for a while.
"""

import asyncio
import ssl
import zlib
from collections.abc import Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Final, Self

import httpx2
import msgspec
import stamina
from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.model import OpenedState

from solvent.runtime.edgesettings import OutgoingSettings
from solvent.runtime.log import logger
from solvent.runtime.outgoing.connecting import JudgedTransport, Resolve, bare_host, resolve
from solvent.runtime.outgoing.refusals import (
    AnswerTooLarge,
    CallsPaused,
    ForbiddenAddress,
    Unreachable,
)

REDIRECTS_MAX: Final = 3
TRIES_MAX: Final = 3
RETRY_DELAY_S: Final = 0.1
RETRY_DELAY_S_MAX: Final = 2.0
FAILURES_IN_A_ROW_MAX: Final = 5
PAUSE_S: Final = 30
HOSTS_WATCHED_MAX: Final = 1_000
CONNECT_TIMEOUT_S: Final = 5.0
URL_CHARS_MAX: Final = 2_048
REPEATABLE: Final = frozenset({"GET", "HEAD", "PUT", "DELETE", "OPTIONS"})
PASSING: Final = frozenset(
    {
        HTTPStatus.BAD_GATEWAY,
        HTTPStatus.SERVICE_UNAVAILABLE,
        HTTPStatus.GATEWAY_TIMEOUT,
    }
)
AGENT: Final = "Solvent"
ZLIB_GUESSES: Final = 32 + zlib.MAX_WBITS
"""Let zlib tell gzip from its own form."""

log = logger("outgoing")


@dataclass(frozen=True, slots=True)
class Reply:
    """What another program answered, read whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:
        """Read the body as JSON; raise ``msgspec.DecodeError`` where it is none."""
        return msgspec.json.decode(self.body)


class _PassingError(Exception):
    """An answer that says: not now."""

    def __init__(self, reply: Reply) -> None:
        super().__init__(str(reply.status))
        self.reply = reply


_FAILURES = (httpx2.TransportError, TimeoutError, _PassingError)


class Outgoing:
    """Calls other programs; one for each process, closed at its end."""

    def __init__(
        self,
        settings: OutgoingSettings,
        *,
        resolver: Resolve = resolve,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        """Call within ``settings``; a test hands in its own names and authorities."""
        self._settings = settings
        self._private_hosts = frozenset(map(bare_host, settings.private_hosts))
        transport = JudgedTransport(
            self._private_hosts, resolver, tls or httpx2.create_ssl_context()
        )
        self._client = httpx2.AsyncClient(
            transport=transport,
            timeout=httpx2.Timeout(settings.timeout_s, connect=CONNECT_TIMEOUT_S),
            headers={"user-agent": AGENT, "accept-encoding": "identity"},
            max_redirects=REDIRECTS_MAX,
            trust_env=False,
        )
        self._breakers = _breakers()
        self._watched: set[str] = set()

    async def __aenter__(self) -> Self:
        """Return itself; there is nothing to open."""
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the connections that are kept."""
        await self.close()

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._client.aclose()

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, redirects: bool = True
    ) -> Reply:
        """Ask ``url``; redirects are followed and judged like the first address."""
        return await self.call("GET", url, headers=headers, redirects=redirects)

    async def post(
        self,
        url: str,
        *,
        json: object = None,
        form: Mapping[str, str] | None = None,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Reply:
        """Send ``json``, a ``form`` or ``content`` to ``url``, once; no redirect is followed."""
        sent = dict(headers or {})
        if json is not None:
            content = msgspec.json.encode(json)
            sent.setdefault("content-type", "application/json")
        return await self.call("POST", url, headers=sent, content=content, form=form)

    async def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        redirects: bool = False,
    ) -> Reply:
        """Make one call and return the whole answer, whatever its status.

        Raises :class:`ForbiddenAddress`, :class:`Unreachable`, :class:`AnswerTooLarge` or
        :class:`CallsPaused`.
        """
        address = _address(url)
        build: Callable[[], httpx2.Request] = lambda: self._client.build_request(  # noqa: E731 - made anew for each try
            method, address, headers=dict(headers or {}), content=content, data=form
        )
        try:
            async with asyncio.timeout(self._settings.timeout_s):
                return await self._repeated(build, redirects=redirects)
        except OpenedState as paused:
            raise CallsPaused(address.host, retry_after_s=PAUSE_S) from paused
        except _PassingError as passing:
            return passing.reply
        except httpx2.InvalidURL as wrong:
            raise ForbiddenAddress("") from wrong
        except (httpx2.HTTPError, TimeoutError) as failed:
            log.warning("call.failed", host=address.host, error=type(failed).__name__)
            raise Unreachable(address.host) from failed

    async def _repeated(self, build: Callable[[], httpx2.Request], *, redirects: bool) -> Reply:
        """Try, and try again where that can do no harm."""
        harmless = build().method in REPEATABLE
        reply: Reply | None = None
        async for attempt in stamina.retry_context(
            on=_FAILURES if harmless else httpx2.ConnectError,
            attempts=TRIES_MAX,
            timeout=None,
            wait_initial=RETRY_DELAY_S,
            wait_max=RETRY_DELAY_S_MAX,
            wait_jitter=RETRY_DELAY_S,
        ):
            with attempt:
                reply = await self._once(build(), redirects=redirects)
        if reply is None:
            raise AssertionError("a call is tried at least once")
        return reply

    async def _once(self, request: httpx2.Request, *, redirects: bool) -> Reply:
        """Make one try, watched by the breaker of its host."""
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(await self._breaker(request.url.host))
            answer = await self._client.send(request, stream=True, follow_redirects=redirects)
            stack.push_async_callback(answer.aclose)
            reply = Reply(answer.status_code, answer.headers, await self._body(answer))
            if answer.status_code in PASSING:
                raise _PassingError(reply)
        return reply

    async def _body(self, answer: httpx2.Response) -> bytes:
        """Read an answer up to the limit, which holds for what it unpacks to as well."""
        most = self._settings.answer_bytes_max
        body = bytearray()
        async for chunk in answer.aiter_raw():
            body += chunk
            if len(body) > most:
                raise AnswerTooLarge(answer.url.host, bytes_max=most)
        packing = answer.headers.get("content-encoding", "identity").lower()
        plain = bytes(body) if packing == "identity" else _unpacked(body, packing, most)
        if len(plain) > most:
            raise AnswerTooLarge(answer.url.host, bytes_max=most)
        return plain

    async def _breaker(self, host: str) -> Any:
        """Return the breaker of ``host``; when too many hosts are watched, begin anew."""
        if host not in self._watched and len(self._watched) >= HOSTS_WATCHED_MAX:
            self._watched.clear()
            self._breakers = _breakers()
        self._watched.add(host)
        return await self._breakers.get_breaker(host)


def _unpacked(body: bytes | bytearray, packing: str, most: int) -> bytes:
    """Unpack a body that was packed although nobody asked for it, one byte beyond ``most`` at most."""
    if packing not in {"gzip", "deflate"}:
        raise httpx2.DecodingError(f"unknown packing {packing[:20]!r}")
    try:
        return zlib.decompressobj(ZLIB_GUESSES).decompress(body, most + 1)
    except zlib.error as damaged:
        raise httpx2.DecodingError("damaged packing") from damaged


def _breakers() -> AsyncCircuitBreakerFactory:
    """Make a set of breakers; what we refuse ourselves is no failure of the other side."""
    return AsyncCircuitBreakerFactory(
        default_threshold=FAILURES_IN_A_ROW_MAX,
        default_ttl=PAUSE_S,
        exclude=[ForbiddenAddress, AnswerTooLarge],
    )


def _address(url: str) -> httpx2.URL:
    """Read an address; refuse what is none."""
    try:
        address = httpx2.URL(url) if len(url) <= URL_CHARS_MAX else None
    except (httpx2.InvalidURL, ValueError):
        address = None
    if address is None or address.scheme not in {"http", "https"} or not address.host:
        raise ForbiddenAddress("" if address is None else address.host)
    return address
