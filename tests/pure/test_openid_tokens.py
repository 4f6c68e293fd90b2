"""Identity tokens with one thing wrong with them are not taken."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime
from functools import cache
from typing import Any

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, KeySet, OKPKey, RSAKey

from solvent.identity.openid.domain import OpenIdRefused
from solvent.identity.openid.idtoken import Expected, UnknownSigningKey, checked_claims
from solvent.runtime.randomness import Chance, seeded

NOW = datetime(2026, 3, 15, 12, 0, tzinfo=UTC)
EXPECTED = Expected("https://issuer.example", "client", "the-nonce", NOW, "the-access-token")
CLAIMS: dict[str, Any] = {
    "iss": "https://issuer.example",
    "sub": "somebody",
    "aud": "client",
    "nonce": "the-nonce",
    "iat": int(NOW.timestamp()),
    "exp": int(NOW.timestamp()) + 300,
}
MUTANTS = 150
SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"


@cache
def keys() -> KeySet:
    return KeySet(
        [
            RSAKey.generate_key(2048, {"kid": "rsa"}),
            ECKey.generate_key("P-256", {"kid": "ec"}),
            OKPKey.generate_key("Ed25519", {"kid": "okp"}),
        ]
    )


@cache
def public() -> KeySet:
    return KeySet.import_key_set(keys().as_dict(private=False))


def signed(alg: str = "RS256", kid: str = "rsa", **claims: Any) -> str:
    header = {"alg": alg, "kid": kid}
    return jwt.encode(header, CLAIMS | claims, keys().get_by_kid(kid), algorithms=[alg])


def base64url(data: bytes) -> str:
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def encoded(part: dict[str, Any]) -> str:
    return base64url(json.dumps(part).encode())


def mutant(token: str, chance: Chance) -> str:
    """Return ``token`` with one thing wrong with it."""
    at = chance.randrange(len(token) - 2)
    other = chance.choice([sign for sign in SIGNS if sign != token[at]])
    head, body, signature = token.split(".")
    return chance.choice(
        [
            token[:at] + other + token[at + 1 :],
            token[:at] + token[at + 1 :],
            token[:at] + other + token[at:],
            f"{head}.{body}.",
            f"{head}.{body}",
            f"{body}.{head}.{signature}",
            f"{head}.{body}.{signature}.{signature}",
            token[: len(token) // 2],
        ]
    )


@pytest.mark.parametrize(
    ("alg", "kid"), [("RS256", "rsa"), ("PS512", "rsa"), ("ES256", "ec"), ("Ed25519", "okp")]
)
def test_a_token_that_holds_is_taken(alg: str, kid: str) -> None:
    assert checked_claims(signed(alg, kid), public(), EXPECTED)["sub"] == "somebody"


@pytest.mark.parametrize("seed", range(MUTANTS))
def test_a_mutant_is_not_taken(seed: int) -> None:
    changed = mutant(signed(), seeded(seed))
    with pytest.raises((OpenIdRefused, UnknownSigningKey)):
        checked_claims(changed, public(), EXPECTED)


@pytest.mark.parametrize(
    "claims",
    [
        {"iss": "https://issuer.example/"},
        {"iss": ["https://issuer.example"]},
        {"aud": []},
        {"aud": ["other"]},
        {"aud": {"client": 1}},
        {"azp": "other"},
        {"nonce": ["the-nonce"]},
        {"nonce": "the-noncé"},
        {"sub": 7},
        {"sub": "x" * 256},
        {"sub": "a\nb"},
        {"exp": int(NOW.timestamp()) - 60},
        {"exp": "soon"},
        {"exp": True},
        {"iat": int(NOW.timestamp()) + 61},
        {"iat": int(NOW.timestamp()) - 661},
        {"nbf": int(NOW.timestamp()) + 61},
        {"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"},
        {"at_hash": None},
    ],
)
def test_a_signed_token_that_says_something_else_is_not_taken(claims: dict[str, Any]) -> None:
    with pytest.raises(OpenIdRefused):
        checked_claims(signed(**claims), public(), EXPECTED)


def test_clocks_may_be_a_minute_apart() -> None:
    moment = int(NOW.timestamp())
    assert checked_claims(signed(exp=moment - 59), public(), EXPECTED)
    assert checked_claims(signed(iat=moment + 60), public(), EXPECTED)
    assert checked_claims(signed(nbf=moment + 60), public(), EXPECTED)


def test_a_public_key_is_no_shared_secret() -> None:
    key = keys().get_by_kid("rsa")
    assert isinstance(key, RSAKey)
    for secret in (key.as_pem(private=False), json.dumps(key.as_dict(private=False)).encode()):
        said = f"{encoded({'alg': 'HS256', 'kid': 'rsa'})}.{encoded(CLAIMS)}"
        mac = hmac.new(secret, said.encode(), hashlib.sha256).digest()
        with pytest.raises(OpenIdRefused):
            checked_claims(f"{said}.{base64url(mac)}", public(), EXPECTED)


def test_a_token_without_the_name_of_its_key_fits_where_there_is_one() -> None:
    only = KeySet([public().get_by_kid("rsa")])
    token = jwt.encode({"alg": "RS256"}, CLAIMS, keys().get_by_kid("rsa"), algorithms=["RS256"])
    assert checked_claims(token, only, EXPECTED)
    with pytest.raises(OpenIdRefused):
        checked_claims(token, public(), EXPECTED)
