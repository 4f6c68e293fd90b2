"""The outermost layer: what holds for every request, whatever becomes of it.

It answers liveness before anything else, settles who asks for which host, gives each request its id,
refuses strange hosts, plain HTTP from other machines and what is too large, sets the security
headers on every answer, errors too, and writes one line in the log. Pure ASGI: it stands outside the
framework's own error handling.
"""

import asyncio
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from typing import Final
from urllib.parse import urlsplit

from starlette.requests import ClientDisconnect, Request
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from solvent.kernel.errors import Refusal
from solvent.runtime import log as logs
from solvent.runtime.door.bodies import Bounded, Checked, checked_json
from solvent.runtime.door.crossorigin import CrossOrigin
from solvent.runtime.door.envelope import (
    HEADER_BYTES_MAX,
    HEADERS_MAX,
    PATH_CHARS_MAX,
    QUERY_BYTES_MAX,
    Envelope,
    replaced,
)
from solvent.runtime.door.headers import Pairs, SecurityHeaders
from solvent.runtime.door.hosts import Hosts
from solvent.runtime.door.rates import Counted, Rates
from solvent.runtime.door.refusals import (
    AmbiguousRequest,
    HeadersTooLarge,
    InsecureConnection,
    QueryTooLong,
    RequestTooLarge,
    TimedOut,
    UnknownHost,
)
from solvent.runtime.edge.peers import Proxies, is_local_name
from solvent.runtime.edge.problems import bug_answer, refusal_answer
from solvent.runtime.edge.violations import POLICY_REPORTS_PATH, REPORT_BYTES_MAX
from solvent.runtime.edgesettings import ProxyHeaders
from solvent.runtime.ids import new_id
from solvent.runtime.origin import Origin, readable_agent, set_origin
from solvent.runtime.settinggroups import Env, Settings

log = logs.logger("edge")

LIVENESS_PATHS: Final = frozenset({"/health/liveness", "/liveness"})
PROBE_PATHS: Final = frozenset(
    {"/health", "/health/readiness", "/health/startup", "/readiness", "/api/health"}
)
"""Paths that say nothing about anybody: probes ask for them by address and without TLS."""
UPLOAD_ENDINGS: Final = ("/imports", "/import")
FORM_ALLOWANCE_BYTES: Final = 64 * 1024
"""What the fields around an uploaded file may take."""
LOGGED_PATH_CHARS_MAX: Final = 200
REQUEST_ID: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
POLICY_VIOLATION: Final = 1008
"""The code of a socket that is closed for what it asked (RFC 6455)."""

_ALIVE = b'{"status":"alive"}'


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is let in: sizes in bytes, from where, and as whom; and what every answer says."""

    hosts: Hosts
    proxies: Proxies
    headers: SecurityHeaders
    cross_origin: CrossOrigin
    request_bytes_max: int
    upload_bytes_max: int
    encrypted_home: str = ""
    """Where plain requests for pages are led: scheme and host; empty where nowhere is encrypted."""
    insecure_lan: bool = False
    answer_timeout_s: float = 60.0

    @classmethod
    def of(cls, settings: Settings) -> "Bounds":
        """Read the bounds out of the settings."""
        http, home = settings.http, settings.public_url
        return cls(
            hosts=Hosts(
                (urlsplit(home).hostname or "", *http.allowed_hosts), near=settings.insecure_lan
            ),
            proxies=Proxies(
                http.trusted_proxies, standard=http.proxy_headers is ProxyHeaders.STANDARD
            ),
            headers=SecurityHeaders(xss=http.xss, strict_transport=http.strict_transport),
            cross_origin=CrossOrigin(http.allowed_origins, local=settings.env is Env.DEVELOPMENT),
            answer_timeout_s=http.answer_timeout_s,
            request_bytes_max=http.request_bytes_max,
            upload_bytes_max=http.upload_bytes_max,
            encrypted_home=home if home.startswith("https://") else "",
            insecure_lan=settings.insecure_lan,
        )


class Outermost:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp, bounds: Bounds, rates: Rates) -> None:
        """Let requests within ``bounds`` and ``rates`` through to ``app``."""
        self.app = app
        self._rates = rates
        self._bounds = bounds
        self._alive: Message = {
            "type": "http.response.start",
            "status": 200,
            "headers": [
                (b"content-type", b"application/json"),
                (b"content-length", str(len(_ALIVE)).encode()),
                *bounds.headers.plain,
            ],
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of ASGI."""
        if scope["type"] == "http":
            if scope["path"] in LIVENESS_PATHS and scope["method"] in {"GET", "HEAD"}:
                await self._say_alive(scope, send)
            else:
                await self._serve(scope, receive, send)
        elif scope["type"] == "websocket":
            await self._serve_socket(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    async def _say_alive(self, scope: Scope, send: Send) -> None:
        request_id = (b"x-request-id", new_id().hex.encode())
        await send({**self._alive, "headers": [*self._alive["headers"], request_id]})
        body = _ALIVE if scope["method"] == "GET" else b""
        await send({"type": "http.response.body", "body": body})

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        envelope = Envelope(scope["headers"])
        answer = self._opened(scope, envelope, send)
        try:
            await self._pass_on(scope, receive, envelope, answer)
        except ClientDisconnect:
            log.info("client.disconnected")
        except Refusal as refusal:
            refused = refusal_answer(Request(scope), refusal)
            await refused(scope, receive, answer.send)
        except Exception as bug:  # noqa: BLE001 - the last place where a bug becomes an answer
            if not answer.status:
                await bug_answer(Request(scope), bug)(scope, receive, answer.send)
        finally:
            self._rates.learn(scope, answer.counted, answer.status)
            log.info(
                "request.answered",
                method=scope["method"],
                route=_route(scope),
                status=answer.status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
            logs.clear()

    async def _serve_socket(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a socket through whose handshake is within bounds, or close it."""
        envelope = Envelope(scope["headers"])
        answer = self._opened(scope, envelope, send)
        try:
            self._admit(scope, envelope)
            if self._is_insecure(scope, envelope):
                raise InsecureConnection
            await self._rates.count(scope, envelope, answer.counted)
            await self.app(scope, receive, answer.send)
        except Refusal as refusal:
            await send(
                {"type": "websocket.close", "code": POLICY_VIOLATION, "reason": refusal.code}
            )
        finally:
            logs.clear()

    def _opened(self, scope: Scope, envelope: Envelope, send: Send) -> "_Answer":
        """Settle who asks for what, number the request, and make its answer ready."""
        self._settle(scope, envelope)
        request_id = _request_id(envelope)
        scope.setdefault("state", {})["request_id"] = request_id
        logs.bind_request(request_id)
        client = scope.get("client")
        agent = readable_agent(envelope.get(b"user-agent"))
        set_origin(Origin(request_id, str(client[0]) if client else "", agent))
        headers = self._bounds.headers
        secure = scope["scheme"] in {"https", "wss"}
        said = headers.secure if secure else headers.plain
        return _Answer(send, request_id, said + self._bounds.cross_origin.headers(scope, envelope))

    def _settle(self, scope: Scope, envelope: Envelope) -> None:
        """Write what is to be believed of the client, the scheme and the host into ``scope``."""
        client = scope.get("client")
        said = self._bounds.proxies.forwarded(client[0] if client else None, envelope)
        if said.client:
            scope["client"] = (said.client, 0)
        if said.scheme:
            socket = scope["type"] == "websocket"
            scope["scheme"] = said.scheme.replace("http", "ws") if socket else said.scheme
        if said.host:
            envelope.set(b"host", said.host)
            scope["headers"] = replaced(scope["headers"], b"host", said.host.encode("latin-1"))

    async def _pass_on(
        self, scope: Scope, receive: Receive, envelope: Envelope, answer: "_Answer"
    ) -> None:
        """Let the request through, lead it to where it is encrypted, or refuse it."""
        self._admit(scope, envelope)
        if self._is_insecure(scope, envelope):
            led = self._led_on(scope, envelope)
            if led is None:
                raise InsecureConnection
            await led(scope, receive, answer.send)
            return
        if scope["path"] not in PROBE_PATHS:
            await self._rates.count(scope, envelope, answer.counted)
        limit = self._limit(str(scope["path"]))
        declared = envelope.get(b"content-length")
        if declared.isdecimal() and int(declared) > limit:
            raise RequestTooLarge(limit)
        if (preflight := self._bounds.cross_origin.preflight(scope, envelope)) is not None:
            await preflight(scope, receive, answer.send)
        elif scope["path"].endswith(UPLOAD_ENDINGS):
            await self.app(scope, Bounded(receive, limit).receive, answer.send)
        else:
            await self._within_time(scope, receive, envelope, answer)

    async def _within_time(
        self, scope: Scope, receive: Receive, envelope: Envelope, answer: "_Answer"
    ) -> None:
        """Let the application answer, for as long as an answer may take."""
        limit = self._limit(str(scope["path"]))
        bounded: Bounded | Checked = Bounded(receive, limit)
        if envelope.get(b"content-type").startswith("application/json"):
            bounded = await checked_json(receive, limit)
        try:
            async with asyncio.timeout(self._bounds.answer_timeout_s):
                await self.app(scope, bounded.receive, answer.send)
        except TimeoutError as late:
            if answer.status:
                raise
            raise TimedOut from late

    def _admit(self, scope: Scope, envelope: Envelope) -> None:
        """Refuse what is malformed, too large, or meant for somebody else."""
        if envelope.count > HEADERS_MAX or envelope.size > HEADER_BYTES_MAX:
            raise HeadersTooLarge
        if len(scope["query_string"]) > QUERY_BYTES_MAX or len(scope["path"]) > PATH_CHARS_MAX:
            raise QueryTooLong
        if envelope.doubled:
            raise AmbiguousRequest
        if scope["path"] in PROBE_PATHS:
            return
        said = envelope.get(b"x-forwarded-host")
        hosts = self._bounds.hosts
        if not hosts.include(envelope.get(b"host")) or (said and not hosts.include(said)):
            raise UnknownHost

    def _is_insecure(self, scope: Scope, envelope: Envelope) -> bool:
        return (
            scope["scheme"] in {"http", "ws"}
            and not self._bounds.insecure_lan
            and not is_local_name(envelope.get(b"host"))
            and scope["path"] not in PROBE_PATHS
        )

    def _led_on(self, scope: Scope, envelope: Envelope) -> Response | None:
        """Lead a page's reader to the encrypted address; a program is told, not led.

        A program that followed would go on sending its token in the clear each time.
        """
        home = self._bounds.encrypted_home
        reads = scope["method"] in {"GET", "HEAD"} and not envelope.get(b"authorization")
        if not home or not reads or scope["path"].startswith("/api/"):
            return None
        raw = scope.get("raw_path") or str(scope["path"]).encode()
        query = scope["query_string"]
        path = raw.partition(b"?")[0] + (b"?" + query if query else b"")
        return RedirectResponse(home + path.decode("latin-1"), HTTPStatus.PERMANENT_REDIRECT)

    def _limit(self, path: str) -> int:
        """Return how many bytes the body of a request to ``path`` may have."""
        if path.endswith(UPLOAD_ENDINGS):
            return self._bounds.upload_bytes_max + FORM_ALLOWANCE_BYTES
        return REPORT_BYTES_MAX if path == POLICY_REPORTS_PATH else self._bounds.request_bytes_max


class _Answer:
    """Sends an answer with the headers that every answer has, and remembers its status."""

    def __init__(self, send: Send, request_id: str, headers: Pairs) -> None:
        self.status = 0
        self.counted = Counted()
        self._send = send
        self._headers = ((b"x-request-id", request_id.encode()), *headers)

    async def send(self, message: Message) -> None:
        """Pass on one message of the application."""
        kind = message["type"]
        if kind == "http.response.start":
            self.status = int(message["status"])
            message = {**message, "headers": self._completed(message)}
        elif kind in {"websocket.accept", "websocket.http.response.start"}:
            message = {**message, "headers": self._completed(message)}
        await self._send(message)

    def _completed(self, message: Message) -> Sequence[tuple[bytes, bytes]]:
        own = list(message.get("headers", ()))
        named = {name for name, _ in own}
        own.extend(pair for pair in self._headers if pair[0] not in named)
        own.extend(self.counted.headers())
        return own


def _request_id(envelope: Envelope) -> str:
    """Return the id that the client gave the request, if it is one, else a new one."""
    given = envelope.get(b"x-request-id")
    return given if given and REQUEST_ID.fullmatch(given) else new_id().hex


def _route(scope: Scope) -> str:
    """Return the template of the route that matched, else the path; never the query."""
    template = getattr(scope.get("route"), "path", None)
    return str(template or scope["path"])[:LOGGED_PATH_CHARS_MAX]
