"""Bodies of requests: no longer than their limit, no slower than theirs, and JSON that means one thing.

A JSON body is read whole before the application sees it, and refused where two readers could read
it differently: names that come twice, numbers that are none, nesting without end. An upload is handed
on as it comes.
"""

import asyncio
import json
import math
import re
from http import HTTPStatus
from typing import Any, Final

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive

from solvent.runtime.door.refusals import (
    AmbiguousBody,
    RequestTooLarge,
    RequestTooSlow,
)

DEPTH_MAX: Final = 32
BODY_TIMEOUT_S: Final = 30.0
"""For the whole of a JSON body, and for each piece of an upload."""

_NESTING = re.compile(rb'"(?:[^"\\]|\\.)*"|([\[{])|([\]}])', re.DOTALL)


class Bounded:
    """Receives a body no longer than its limit, whatever its length was said to be."""

    def __init__(self, receive: Receive, limit: int, *, timeout_s: float = BODY_TIMEOUT_S) -> None:
        """Receive at most ``limit`` bytes, waiting ``timeout_s`` for each piece."""
        self._receive = receive
        self._limit = limit
        self._timeout_s = timeout_s
        self._seen = 0
        self._ended = False

    async def receive(self) -> Message:
        """Return the next message; refuse when the body has grown beyond the limit, or stopped."""
        if self._ended:
            # The client has said everything: what is awaited now is that it goes away.
            return await self._receive()
        try:
            async with asyncio.timeout(self._timeout_s):
                message = await self._receive()
        except TimeoutError as slow:
            raise HTTPException(HTTPStatus.REQUEST_TIMEOUT, RequestTooSlow().message) from slow
        if message["type"] == "http.request":
            self._seen += len(message.get("body", b""))
            self._ended = not message.get("more_body", False)
            if self._seen > self._limit:
                refusal = RequestTooLarge(self._limit)
                # The framework lets its own exception through from inside a body that is read.
                raise HTTPException(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, refusal.message)
        return message


class Checked:
    """A JSON body, read whole and found to mean one thing; handed on in one piece."""

    def __init__(self, receive: Receive, body: bytes) -> None:
        """Hand on ``body``, and after it whatever ``receive`` has to say."""
        self._receive = receive
        self._body: bytes | None = body

    async def receive(self) -> Message:
        """Return the body, then the news of the connection."""
        if self._body is None:
            return await self._receive()
        body, self._body = self._body, None
        return {"type": "http.request", "body": body, "more_body": False}


async def checked_json(
    receive: Receive, limit: int, *, timeout_s: float = BODY_TIMEOUT_S
) -> Checked:
    """Read a JSON body of at most ``limit`` bytes within ``timeout_s``, and check it."""
    try:
        async with asyncio.timeout(timeout_s):
            body = await _whole(receive, limit)
    except TimeoutError as slow:
        raise RequestTooSlow from slow
    check_json(body)
    return Checked(receive, body)


async def _whole(receive: Receive, limit: int) -> bytes:
    parts: list[bytes] = []
    seen = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        part: bytes = message.get("body", b"")
        seen += len(part)
        if seen > limit:
            raise RequestTooLarge(limit)
        parts.append(part)
        if not message.get("more_body", False):
            return parts[0] if len(parts) == 1 else b"".join(parts)


def check_json(body: bytes) -> None:
    """Refuse JSON that two readers could read differently; what is no JSON is left to the route."""
    if body.count(b"[") + body.count(b"{") > DEPTH_MAX and _depth(body) > DEPTH_MAX:
        raise AmbiguousBody(f"it is nested more than {DEPTH_MAX} deep")
    try:
        json.loads(body, object_pairs_hook=_once, parse_constant=_no_number, parse_float=_finite)
    except (ValueError, RecursionError):
        return


def _depth(body: bytes) -> int:
    """Return how deep lists and objects stand in each other, one beyond the limit at most."""
    depth = deepest = 0
    for token in _NESTING.finditer(body):
        if token[1]:
            depth += 1
            deepest = max(deepest, depth)
            if deepest > DEPTH_MAX:
                break
        elif token[2]:
            depth -= 1
    return deepest


def _once(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) < len(pairs):
        raise AmbiguousBody("a name comes twice in one object")


def _no_number(_: str) -> float:
    raise AmbiguousBody("it holds a number that is none")


def _finite(text: str) -> float:
    number = float(text)
    if math.isinf(number):
        raise AmbiguousBody("it holds a number beyond every limit")
    return number
