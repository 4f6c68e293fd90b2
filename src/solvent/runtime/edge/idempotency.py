"""Writes that are sent twice and happen once.

The answer to a request with an ``Idempotency-Key`` is kept in the transaction of its effect: the
person or token, the route and the key lead to the digest of the request, the status, the version and
the body. The same key with another request is refused, and so is one whose first request is still
running. An answer that must not be stored holds a secret; of it nothing but its status is kept, and
a repeat is refused.
"""

import hashlib
from typing import NamedTuple
from urllib.parse import quote

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from solvent.kernel.errors import Refusal
from solvent.runtime.edge.forms import read_form
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

HEADER = "idempotency-key"
KEY_CHARS_MAX = 200
HASH_CHUNK_BYTES = 1024 * 1024

LOCK = sql("select pg_try_advisory_xact_lock(hashtextextended($1, 7))")
FIND = sql("""
    select digest, status, content_type, etag, body from idempotency
     where sender_id = $1 and route = $2 and key = $3
""")
KEEP = sql("""
    insert into idempotency
        (sender_id, route, key, digest, status, content_type, etag, body, created_at)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
""")


class KeyReused(Refusal):
    """The key was used before, for another request."""

    code = "request.key_reused"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This Idempotency-Key was used for a different request, or before what you may see was "
            "changed; use a new one."
        )


class KeyInFlight(Refusal):
    """The first request with this key has not been answered yet."""

    code = "request.key_in_flight"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("A request with this Idempotency-Key is still running; ask again shortly.")


class BadKey(Refusal):
    """The key is empty, too long, or cannot be printed."""

    code = "request.bad_key"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(f"An Idempotency-Key has 1 to {KEY_CHARS_MAX} printable characters.")


class ShownOnce(Refusal):
    """The request was done before, and its answer held a secret that nobody keeps."""

    code = "request.shown_once"

    def __init__(self) -> None:
        """Say what is the case and what to do."""
        super().__init__(
            "This was done before, and its answer held a secret that is shown only once. If you do "
            "not have it, remove what was made and make another, with a new Idempotency-Key."
        )


class _Kept(NamedTuple):
    digest: bytes
    status: int
    content_type: str | None
    etag: str | None
    body: bytes | None


class Once:
    """One request under its key; ``replay`` first, then ``keep`` the answer."""

    def __init__(self, work: Work, request: Request, key: str) -> None:
        """Serve ``request``, which carries ``key``."""
        if not (0 < len(key) <= KEY_CHARS_MAX and key.isprintable()):
            raise BadKey
        self._work = work
        self._request = request
        self._key = key
        # Quoted again: what stands in an address may be a character that the database cannot hold.
        self._route = f"{request.method} {quote(request.url.path)}"
        self._digest = b""

    async def replay(self) -> Response | None:
        """Return the answer already given, or None when this is the first time."""
        work = self._work
        self._digest = await _digest(self._request, work.scope.access.digest)
        sender = work.scope.sender
        if not await work.value(LOCK, f"{sender} {self._route} {self._key}"):
            raise KeyInFlight
        kept = await work.one(_Kept, FIND, sender, self._route, self._key)
        if kept is None:
            return None
        if kept.digest != self._digest:
            raise KeyReused
        if kept.body is None:
            raise ShownOnce
        answer = Response(kept.body, kept.status, media_type=kept.content_type)
        if kept.etag is not None:
            answer.headers["etag"] = kept.etag
        answer.headers["idempotency-replayed"] = "true"
        return answer

    async def keep(self, answer: Response) -> None:
        """Keep a successful answer in the transaction of its effect."""
        is_secret = "no-store" in answer.headers.get("cache-control", "")
        await self._work.execute(
            KEEP,
            self._work.scope.sender,
            self._route,
            self._key,
            self._digest,
            answer.status_code,
            answer.headers.get("content-type"),
            answer.headers.get("etag"),
            None if is_secret else bytes(answer.body),
            self._work.clock.now(),
        )


async def _digest(request: Request, access: str) -> bytes:
    """Hash what is asked, and what its sender may see: with less, no earlier answer is given again.

    A multipart body goes in by its fields, for its boundary differs each time.
    """
    digest = hashlib.sha256(f"{access}\0{request.url.query}".encode())
    if not request.headers.get("content-type", "").startswith("multipart/"):
        digest.update(await request.body())
        return digest.digest()
    for name, value in (await read_form(request)).multi_items():
        digest.update(f"\0{name}\0".encode())
        if isinstance(value, UploadFile):
            while chunk := await value.read(HASH_CHUNK_BYTES):
                digest.update(chunk)
            await value.seek(0)
        else:
            digest.update(value.encode())
    return digest.digest()
