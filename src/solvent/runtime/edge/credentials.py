"""Who is asking: a bearer token (API) or the session cookie (pages), as a credential for a work.

A bearer token is a personal access token, or else a JWT signed with a key derived for that one
purpose; it carries nothing but the session's id, so that logging out counts at once. The cookie is
opaque and stands in the database as its SHA-256. A request with the cookie that changes anything
must also show a CSRF token, which is a MAC of the cookie, and come from our own origin.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from http import HTTPMethod
from urllib.parse import urlsplit
from uuid import UUID

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, OctKey
from starlette.requests import Request

from solvent.kernel.clock import Clock
from solvent.kernel.errors import Refusal
from solvent.runtime import personaltokens
from solvent.runtime.edge.peers import is_local_host
from solvent.runtime.keys import KeyRing
from solvent.runtime.scope import Credential, NotLoggedIn

COOKIE = "__Host-solvent"
OPEN_COOKIE = "solvent-open"
"""The session's cookie where plain HTTP is allowed on another host: browsers keep no other there."""
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf_token"
SAFE_METHODS = frozenset({HTTPMethod.GET, HTTPMethod.HEAD, HTTPMethod.OPTIONS})
ALGORITHM = "HS256"
TOKEN_CHARS_MAX = 2_000
TOKENS_REMEMBERED_MAX = 10_000


class CrossSiteRequest(Refusal):
    """A page's request without its CSRF token, or from another origin."""

    code = "request.csrf"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This page is out of date. Reload it and try again.")


class Tokens:
    """Makes and checks what requests present; one for each process."""

    def __init__(self, keys: KeyRing, clock: Clock) -> None:
        """Derive each purpose's keys from ``keys``, which may change while this stands."""
        self._clock = clock
        self._keys = keys
        self._version = keys.version
        self._signing: dict[str, OctKey] = {}
        self._verified: dict[str, tuple[UUID, int]] = {}

    def access_token(self, session: UUID, *, lifetime: timedelta) -> str:
        """Sign a token for the API session; it expires after ``lifetime``."""
        now = self._clock.now()
        claims = {"sid": str(session), "iat": _epoch(now), "exp": _epoch(now + lifetime)}
        kid = self._keys.current_kid
        key = self._signing_key(kid)
        return jwt.encode({"alg": ALGORITHM, "kid": kid}, claims, key, algorithms=[ALGORITHM])

    def session_of(self, token: str) -> UUID:
        """Return the session that an access token names; raise :class:`NotLoggedIn` for a bad one."""
        if len(token) > TOKEN_CHARS_MAX:
            raise NotLoggedIn
        self._keep_up()
        session, expires = self._verified.get(token) or self._verify(token)
        if expires <= _epoch(self._clock.now()):
            raise NotLoggedIn
        return session

    def _verify(self, token: str) -> tuple[UUID, int]:
        """Check the signature of a token once; while the process remembers it, not again."""
        try:
            claims = jwt.decode(token, self._key_for, algorithms=[ALGORITHM]).claims
            expires, session = claims["exp"], UUID(claims["sid"])
        except (JoseError, KeyError, ValueError, TypeError, AttributeError) as bad:
            raise NotLoggedIn from bad
        if not isinstance(expires, int):
            raise NotLoggedIn
        if len(self._verified) >= TOKENS_REMEMBERED_MAX:
            self._verified.clear()
        self._verified[token] = session, expires
        return session, expires

    def _key_for(self, signed: GuestProtocol) -> OctKey:
        kid = str(signed.headers().get("kid"))
        if kid not in self._keys.kids:
            raise NotLoggedIn
        return self._signing_key(kid)

    def _signing_key(self, kid: str) -> OctKey:
        """Return the key that signs access tokens under ``kid``."""
        self._keep_up()
        key = self._signing.get(kid)
        if key is None:
            key = OctKey.import_key(self._keys.derive("access-token", kid))
            self._signing[kid] = key
        return key

    def _keep_up(self) -> None:
        """Forget what was derived from, and believed by, keys that have changed since."""
        if self._version != self._keys.version:
            self._version = self._keys.version
            self._signing.clear()
            self._verified.clear()

    def csrf_token(self, cookie: str, kid: str | None = None) -> str:
        """Return the token that pages of the session behind ``cookie`` carry."""
        return hmac.new(self._keys.derive("csrf", kid), cookie.encode(), hashlib.sha256).hexdigest()

    def credential(self, request: Request) -> Credential:
        """Read who is asking; raise :class:`NotLoggedIn` when the request does not say."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if scheme.lower() == "bearer" and token:
            return self._of_bearer(token.strip())
        cookie = session_cookie(request)
        if not cookie:
            raise NotLoggedIn
        return Credential(token_digest=token_digest(cookie))

    def _of_bearer(self, token: str) -> Credential:
        """Tell the two kinds of token apart; what cannot be one is refused without a question."""
        if not personaltokens.is_meant(token):
            return Credential(session=self.session_of(token))
        if not personaltokens.is_whole(token):
            raise NotLoggedIn
        return Credential(personal_digest=token_digest(token))

    async def check_same_site(self, request: Request) -> None:
        """Refuse a change by cookie that did not come from our own page."""
        if request.method in SAFE_METHODS or "authorization" in request.headers:
            return
        check_origin(request)
        cookie = session_cookie(request)
        shown = request.headers.get(CSRF_HEADER)
        if shown is None and "form" in request.headers.get("content-type", ""):
            shown = str((await request.form()).get(CSRF_FIELD, ""))
        good = [self.csrf_token(cookie, kid).encode() for kid in self._keys.kids]
        if not any(hmac.compare_digest((shown or "").encode(), token) for token in good):
            raise CrossSiteRequest


def is_private(request: Request) -> bool:
    """Tell whether nobody can read along: over HTTPS, or on this very machine."""
    return request.scope["scheme"] == "https" or is_local_host(request.scope)


def cookie_name(request: Request) -> str:
    """Return what the session's cookie is called where this request came from."""
    return COOKIE if is_private(request) else OPEN_COOKIE


def session_cookie(request: Request) -> str:
    """Return the opaque token of the page's session; empty where there is none.

    What was set on an open network is believed on an open network only.
    """
    return request.cookies.get(cookie_name(request), "")


def check_origin(request: Request) -> None:
    """Refuse a request that a browser says comes from another origin."""
    origin = request.headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != request.headers.get("host"):
        raise CrossSiteRequest
    if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
        raise CrossSiteRequest


def token_digest(token: str) -> bytes:
    """Return what the database keeps of an opaque token: its SHA-256, 32 bytes."""
    return hashlib.sha256(token.encode()).digest()


def _epoch(instant: datetime) -> int:
    return int(instant.timestamp())
