"""A wrapper round the application that changes what it answers, as a broken installation would."""

from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send


@dataclass
class Exchanged:
    """One request and the answer that a tamper may change before it is sent."""

    method: str
    path: str
    sent: dict[str, str]
    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    body: bytes = b""

    def header(self, name: str) -> str:
        """Return the first value of a header of the answer."""
        return next((value for key, value in self.headers if key == name), "")

    def drop(self, name: str) -> None:
        """Take a header out of the answer."""
        self.headers = [pair for pair in self.headers if pair[0] != name]

    def put(self, name: str, value: str) -> None:
        """Set a header of the answer."""
        self.drop(name)
        self.headers.append((name, value))


Tamper = Callable[[Exchanged], None]


class Tampered:
    """An application whose answers ``tamper`` changes; swap it to break something else."""

    def __init__(self, app: ASGIApp) -> None:
        """Stand before ``app`` and change nothing yet."""
        self._app = app
        self.tamper: Tamper = untouched

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, its answer held back until it is whole."""
        given = {key.decode(): value.decode("latin-1") for key, value in scope["headers"]}
        exchanged = Exchanged(scope["method"], scope["path"], given)

        async def keep(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchanged.status = message["status"]
                exchanged.headers = [
                    (key.decode(), value.decode("latin-1")) for key, value in message["headers"]
                ]
            else:
                exchanged.body += message.get("body", b"")

        await self._app(scope, receive, keep)
        self.tamper(exchanged)
        if exchanged.header("content-length"):
            exchanged.put("content-length", str(len(exchanged.body)))
        pairs = [(key.encode(), value.encode("latin-1")) for key, value in exchanged.headers]
        start = {"type": "http.response.start", "status": exchanged.status, "headers": pairs}
        await send(start)
        await send({"type": "http.response.body", "body": exchanged.body})


def untouched(_: Exchanged) -> None:
    """Change nothing."""


def without(name: str) -> Tamper:
    """Return a tamper that drops a header."""
    return lambda exchanged: exchanged.drop(name)


def saying(name: str, value: str) -> Tamper:
    """Return a tamper that sets a header."""
    return lambda exchanged: exchanged.put(name, value)


def answering(status: int, *, instead_of: int, on: str = "") -> Tamper:
    """Return a tamper that turns one status into another, on paths that contain ``on``."""

    def tamper(exchanged: Exchanged) -> None:
        if exchanged.status == instead_of and on in exchanged.path:
            exchanged.status = status

    return tamper


def rewording(old: bytes, new: bytes, *, on: str = "") -> Tamper:
    """Return a tamper that replaces text in bodies, on paths that contain ``on``."""

    def tamper(exchanged: Exchanged) -> None:
        if on in exchanged.path:
            exchanged.body = exchanged.body.replace(old, new)

    return tamper
