"""Identity tokens: signed by the provider, for us, now, and in answer to our own question.

Source: OpenID Connect Core 1.0, 3.1.3.7 and 3.1.3.8; RFC 8725. Only signatures by a key pair are
taken: no `none`, and no shared secret, which a public key could be mistaken for.
"""

import base64
import hashlib
import hmac
import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any, Final

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import GuestProtocol, Key, KeySet

from solvent.identity.openid.domain import SUBJECT_CHARS_MAX, OpenIdRefused

HASHES: Final = {
    "RS256": hashlib.sha256,
    "RS384": hashlib.sha384,
    "RS512": hashlib.sha512,
    "PS256": hashlib.sha256,
    "PS384": hashlib.sha384,
    "PS512": hashlib.sha512,
    "ES256": hashlib.sha256,
    "ES384": hashlib.sha384,
    "ES512": hashlib.sha512,
    "Ed25519": hashlib.sha512,
}
"""The signatures that are taken, and the hash that goes with each."""
TOKEN_CHARS_MAX: Final = 16_000
DOTS: Final = 2
CLOCK_SKEW: Final = timedelta(seconds=60)
AGE_MAX: Final = timedelta(minutes=10)

Claims = Mapping[str, Any]


class UnknownSigningKey(Exception):  # noqa: N818 - no error: it tells that the keys may have changed
    """The token is signed with a key that is not among those known."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What an identity token must say."""

    issuer: str
    client_id: str
    nonce: str
    now: datetime
    access_token: str


def checked_claims(token: str, keys: KeySet, expected: Expected) -> Claims:
    """Return what ``token`` claims; raise :class:`OpenIdRefused` unless all of it holds.

    Raise :class:`UnknownSigningKey` where none of ``keys`` is the one that it names.
    """
    header, claims = _verified(token, keys)
    _check_who(claims, expected)
    _check_when(claims, expected.now)
    nonce = _text(claims, "nonce").encode("utf-8", "replace")
    if not hmac.compare_digest(nonce, expected.nonce.encode()):
        raise OpenIdRefused("nonce")
    if "at_hash" in claims and _text(claims, "at_hash") != _at_hash(header, expected.access_token):
        raise OpenIdRefused("at_hash")
    return claims


def _verified(token: str, keys: KeySet) -> tuple[Mapping[str, Any], Claims]:
    """Check the signature; a token without a key's name is tried where there is but one key."""
    if len(token) > TOKEN_CHARS_MAX or not token.isascii() or token.count(".") != DOTS:
        raise OpenIdRefused("id_token")
    try:
        decoded = jwt.decode(token, partial(_key_for, keys), algorithms=list(HASHES))
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as bad:
        raise OpenIdRefused("signature") from bad
    return decoded.header, decoded.claims


def _key_for(keys: KeySet, signed: GuestProtocol) -> Key:
    kid = signed.headers().get("kid")
    fitting = [key for key in keys.keys if kid is None or key.kid == kid]
    if not fitting:
        raise UnknownSigningKey
    if len(fitting) > 1 or fitting[0].get("use") not in {None, "sig"}:
        raise OpenIdRefused("signature")
    return fitting[0]


def _check_who(claims: Claims, expected: Expected) -> None:
    """Check who says it, about whom and to whom."""
    if _text(claims, "iss") != expected.issuer:
        raise OpenIdRefused("issuer")
    audience: Any = claims.get("aud")
    audiences: list[object] = [audience] if isinstance(audience, str) else audience
    if type(audiences) is not list or expected.client_id not in audiences:
        raise OpenIdRefused("audience")
    authorized = claims.get("azp", None if len(audiences) > 1 else expected.client_id)
    if authorized != expected.client_id:
        raise OpenIdRefused("audience")
    if (
        not 0 < len(_text(claims, "sub")) <= SUBJECT_CHARS_MAX
        or not _text(claims, "sub").isprintable()
    ):
        raise OpenIdRefused("subject")


def _check_when(claims: Claims, now: datetime) -> None:
    """Check that it is said now; the clocks may be a minute apart."""
    moment, skew = now.timestamp(), CLOCK_SKEW.total_seconds()
    issued, expires = _seconds(claims, "iat"), _seconds(claims, "exp")
    not_before = _seconds(claims, "nbf") if "nbf" in claims else issued
    if expires <= moment - skew:
        raise OpenIdRefused("expired")
    if max(issued, not_before) > moment + skew or issued < moment - skew - AGE_MAX.total_seconds():
        raise OpenIdRefused("time")


def _at_hash(header: Mapping[str, Any], access_token: str) -> str:
    """Return the left half of the access token's hash; it belongs to the signature's algorithm."""
    digest = HASHES[header["alg"]](access_token.encode("ascii", "replace")).digest()
    return base64.urlsafe_b64encode(digest[: len(digest) // 2]).rstrip(b"=").decode("ascii")


def _text(claims: Claims, name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""


def _seconds(claims: Claims, name: str) -> float:
    value = claims.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        raise OpenIdRefused("time")
    return value
