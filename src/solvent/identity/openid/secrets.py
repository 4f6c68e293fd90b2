"""What ties an answer of the provider to the question, all derived from one random ``state``.

The state goes with the browser, in the address and in a cookie; the database keeps its digest. The
nonce that the identity token must repeat and the verifier of PKCE come from it by keyed hash, so that
neither has to be kept anywhere. Whoever signs up carries a signed pass from the callback to the form's
answer. Sources: RFC 7636; OpenID Connect Core 1.0, 3.1.2.1.
"""

import base64
import hashlib
import hmac
from datetime import datetime

from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import OctKey

from solvent.identity.openid.domain import QUESTION_LIFETIME, Identity, OpenIdRefused
from solvent.runtime.keys import KeyRing

PURPOSE = "openid"
SIGN_UP_PURPOSE = "openid-sign-up"
SIGNED_BY = "HS256"


def nonce_of(keys: KeyRing, state: str) -> str:
    """Return the nonce of the question that ``state`` belongs to."""
    return _derived(keys, f"nonce {state}")


def verifier_of(keys: KeyRing, state: str) -> str:
    """Return the PKCE verifier of the question that ``state`` belongs to: 43 characters."""
    return _derived(keys, f"verifier {state}")


def challenge_of(verifier: str) -> str:
    """Return what stands in the question for ``verifier``: its SHA-256."""
    return _base64url(hashlib.sha256(verifier.encode()).digest())


def pass_of(keys: KeyRing, identity: Identity, now: datetime) -> str:
    """Return what lets somebody sign up as ``identity`` for some minutes."""
    claims = {
        "iss": identity.issuer,
        "sub": identity.subject,
        "email": identity.email,
        "name": identity.name,
        "mfa": identity.is_multi_factor,
        "exp": int((now + QUESTION_LIFETIME).timestamp()),
    }
    key = OctKey.import_key(keys.derive(SIGN_UP_PURPOSE))
    return jwt.encode({"alg": SIGNED_BY}, claims, key, algorithms=[SIGNED_BY])


def identity_in(keys: KeyRing, text: str, now: datetime) -> Identity:
    """Return whom a pass is for; raise :class:`OpenIdRefused` for one that is none, or too old."""
    key = OctKey.import_key(keys.derive(SIGN_UP_PURPOSE))
    try:
        claims = jwt.decode(text, key, algorithms=[SIGNED_BY]).claims
        expires, identity = (
            claims["exp"],
            Identity(claims["iss"], claims["sub"], claims["email"], claims["name"], claims["mfa"]),
        )
    except (JoseError, KeyError, ValueError, TypeError, AttributeError) as bad:
        raise OpenIdRefused("pass") from bad
    if expires <= now.timestamp():
        raise OpenIdRefused("expired")
    return identity


def _derived(keys: KeyRing, text: str) -> str:
    return _base64url(hmac.new(keys.derive(PURPOSE), text.encode(), hashlib.sha256).digest())


def _base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode("ascii")
