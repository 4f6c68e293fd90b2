"""The outermost layer: what holds for every request, whatever becomes of it.

It answers liveness before anything else, gives each request its id, refuses plain HTTP from other
machines and bodies beyond the limit, sets the security headers on every answer, errors too, and
writes one line in the log. Pure ASGI: it stands outside the framework's own error handling.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from solvent.runtime import log as logs
from solvent.runtime.edge.peers import header, is_local_host, settle_peer
from solvent.runtime.edge.problems import bug_answer, problem
from solvent.runtime.ids import new_id
from solvent.runtime.origin import Origin, readable_agent, set_origin
from solvent.runtime.settingvalues import Network

log = logs.logger("edge")

LIVENESS_PATHS = frozenset({"/health/liveness", "/liveness"})
PROBE_PATHS = frozenset(
    {"/health", "/health/readiness", "/health/startup", "/readiness", "/api/health"}
)
"""Paths that say nothing about anybody: probes ask for them by address and without TLS."""
UPLOAD_ENDINGS = ("/imports", "/import")
FORM_ALLOWANCE_BYTES = 64 * 1024
"""What the fields around an uploaded file may take."""
LOGGED_PATH_CHARS_MAX = 200
REQUEST_ID = re.compile(r"[A-Za-z0-9_-]{8,64}")

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; manifest-src 'self'"
)
_SECURITY: tuple[tuple[bytes, bytes], ...] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (
        b"permissions-policy",
        b"camera=(), geolocation=(), microphone=(), payment=(), usb=(), interest-cohort=()",
    ),
    (b"cache-control", b"no-store"),
)
_STRICT_TRANSPORT = (b"strict-transport-security", b"max-age=31536000; includeSubDomains")
_ALIVE = b'{"status":"alive"}'
_ALIVE_START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(_ALIVE)).encode()),
        *_SECURITY,
    ],
}


@dataclass(frozen=True, slots=True)
class Bounds:
    """What is let in: sizes in bytes, and from where."""

    request_bytes_max: int
    upload_bytes_max: int
    insecure_lan: bool = False
    trusted_proxies: Sequence[Network] = ()


class Outermost:
    """Wraps the application; see the module."""

    def __init__(self, app: ASGIApp, bounds: Bounds) -> None:
        """Let requests within ``bounds`` through to ``app``."""
        self.app = app
        self._bounds = bounds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one connection of ASGI."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
        elif scope["path"] in LIVENESS_PATHS and scope["method"] in {"GET", "HEAD"}:
            await send(_ALIVE_START)
            body = _ALIVE if scope["method"] == "GET" else b""
            await send({"type": "http.response.body", "body": body})
        else:
            await self._serve(scope, receive, send)

    async def _serve(self, scope: Scope, receive: Receive, send: Send) -> None:
        began = time.perf_counter()
        settle_peer(scope, self._bounds.trusted_proxies)
        request_id = _request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id
        answer = _Answer(send, request_id, secure=scope["scheme"] == "https")
        logs.bind_request(request_id)
        set_origin(_origin(scope, request_id))
        try:
            await self._pass_on(scope, receive, answer)
        except ClientDisconnect:
            log.info("client.disconnected")
        except Exception as bug:  # noqa: BLE001 - the last place where a bug becomes an answer
            if not answer.status:
                request = Request(scope)
                await bug_answer(request, bug)(scope, receive, answer.send)
        finally:
            log.info(
                "request.answered",
                method=scope["method"],
                route=_route(scope),
                status=answer.status,
                ms=round((time.perf_counter() - began) * 1000, 1),
            )
            logs.clear()

    async def _pass_on(self, scope: Scope, receive: Receive, answer: "_Answer") -> None:
        """Let the request through, or refuse it at the door."""
        request_id = str(scope["state"]["request_id"])
        if self._is_insecure(scope):
            refused = problem(
                HTTPStatus.FORBIDDEN,
                "request.insecure",
                "This address is not encrypted: everybody on the network could read along. Use "
                "https, or open http://localhost on the machine itself; whoever runs Solvent can "
                "allow it with SOLVENT_INSECURE_LAN=true.",
                {},
                request_id,
            )
            await refused(scope, receive, answer.send)
            return
        limit = self._limit(str(scope["path"]))
        declared = header(scope, b"content-length") or ""
        if declared.isdecimal() and int(declared) > limit:
            refused = problem(
                HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
                "request.too_large",
                _too_large(limit),
                {"bytes_max": limit},
                request_id,
            )
            await refused(scope, receive, answer.send)
            return
        await self.app(scope, _Bounded(receive, limit).receive, answer.send)

    def _is_insecure(self, scope: Scope) -> bool:
        return (
            scope["scheme"] == "http"
            and not self._bounds.insecure_lan
            and not is_local_host(scope)
            and scope["path"] not in PROBE_PATHS
        )

    def _limit(self, path: str) -> int:
        """Return how many bytes the body of a request to ``path`` may have."""
        if path.endswith(UPLOAD_ENDINGS):
            return self._bounds.upload_bytes_max + FORM_ALLOWANCE_BYTES
        return self._bounds.request_bytes_max


class _Answer:
    """Sends an answer with the headers that every answer has, and remembers its status."""

    def __init__(self, send: Send, request_id: str, *, secure: bool) -> None:
        self.status = 0
        self._send = send
        self._headers = [(b"x-request-id", request_id.encode()), *_SECURITY]
        if secure:
            self._headers.append(_STRICT_TRANSPORT)

    async def send(self, message: Message) -> None:
        """Pass on one message of the application."""
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            own = list(message.get("headers", ()))
            named = {name for name, _ in own}
            own.extend(pair for pair in self._headers if pair[0] not in named)
            message = {**message, "headers": own}
        await self._send(message)


class _Bounded:
    """Receives a body no longer than its limit, whatever its length was said to be."""

    def __init__(self, receive: Receive, limit: int) -> None:
        self._receive = receive
        self._limit = limit
        self._seen = 0

    async def receive(self) -> Message:
        """Return the next message; refuse when the body has grown beyond the limit."""
        message = await self._receive()
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            if self._seen > self._limit:
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, _too_large(self._limit))
        return message


def _too_large(limit: int) -> str:
    return f"The request is larger than the {limit} bytes that are taken here. Send less at once."


def _request_id(scope: Scope) -> str:
    """Return the id that the client gave the request, if it is one, else a new one."""
    given = header(scope, b"x-request-id")
    return given if given and REQUEST_ID.fullmatch(given) else new_id().hex


def _origin(scope: Scope, request_id: str) -> Origin:
    """Return where the request comes from, once the peer's address is settled."""
    client = scope.get("client")
    address = str(client[0]) if client else ""
    return Origin(request_id, address, readable_agent(header(scope, b"user-agent") or ""))


def _route(scope: Scope) -> str:
    """Return the template of the route that matched, else the path; never the query."""
    template = getattr(scope.get("route"), "path", None)
    return str(template or scope["path"])[:LOGGED_PATH_CHARS_MAX]
