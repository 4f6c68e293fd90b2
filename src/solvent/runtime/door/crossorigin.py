"""Pages of other origins that may call the API, and what they may do there.

An origin is allowed because the settings list it, or in development because it is this very machine.
It is answered by its own name, never by a star; pages and files of ours are for no other origin.
"""

from collections.abc import Collection
from http import HTTPStatus
from typing import Final

from starlette.responses import Response
from starlette.types import Scope

from solvent.runtime.door.envelope import Envelope
from solvent.runtime.settingvalues import is_local

API_PREFIX: Final = "/api/"
METHODS: Final = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
HEADERS: Final = (
    "accept-language",
    "authorization",
    "content-type",
    "idempotency-key",
    "if-match",
    "if-none-match",
    "x-request-id",
)
EXPOSED: Final = (
    "etag",
    "idempotency-replayed",
    "ratelimit",
    "ratelimit-policy",
    "retry-after",
    "x-request-id",
)
PREFLIGHT_KEPT_S: Final = 600
ORIGIN_CHARS_MAX: Final = 255

Pairs = tuple[tuple[bytes, bytes], ...]

_VARY: Final[Pairs] = ((b"vary", b"Origin"),)


class CrossOrigin:
    """Judges origins for one installation."""

    def __init__(self, origins: Collection[str], *, local: bool) -> None:
        """Allow the listed ``origins``; ``local`` allows those of this machine too."""
        self._origins = frozenset(origins)
        self._local = local

    def allows(self, origin: str) -> bool:
        """Tell whether pages of ``origin`` may call the API."""
        if origin in self._origins:
            return True
        if not self._local or len(origin) > ORIGIN_CHARS_MAX:
            return False
        return origin.startswith(("http://", "https://")) and _is_local(origin)

    def headers(self, scope: Scope, envelope: Envelope) -> Pairs:
        """Return what an answer of the API says to the page that asked."""
        if not scope["path"].startswith(API_PREFIX):
            return ()
        origin = envelope.get(b"origin")
        if not origin or not self.allows(origin):
            return _VARY
        return (
            *_VARY,
            (b"access-control-allow-origin", origin.encode("latin-1")),
            (b"access-control-allow-credentials", b"true"),
            (b"access-control-expose-headers", ", ".join(EXPOSED).encode()),
        )

    def preflight(self, scope: Scope, envelope: Envelope) -> Response | None:
        """Answer the question that a browser asks before a call; None where it is no such question."""
        method = envelope.get(b"access-control-request-method")
        origin = envelope.get(b"origin")
        if scope["method"] != "OPTIONS" or not origin or not method:
            return None
        answer = Response(status_code=HTTPStatus.NO_CONTENT)
        asked = envelope.get(b"access-control-request-headers").lower()
        wanted = {name.strip() for name in asked.split(",") if name.strip()}
        api = scope["path"].startswith(API_PREFIX)
        if api and self.allows(origin) and method in METHODS and wanted <= set(HEADERS):
            answer.headers["access-control-allow-methods"] = ", ".join(METHODS)
            answer.headers["access-control-allow-headers"] = ", ".join(HEADERS)
            answer.headers["access-control-max-age"] = str(PREFLIGHT_KEPT_S)
        return answer


def _is_local(origin: str) -> bool:
    try:
        return is_local(origin)
    except ValueError:
        return False
