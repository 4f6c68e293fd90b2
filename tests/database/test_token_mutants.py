"""Tokens with a bit turned, cut, joined or signed otherwise: none of them lets anybody in."""

import hmac
import json
from collections.abc import Iterator
from typing import Any

from solvent.runtime.settinggroups import Settings
from tests.clocks import HandMovedClock
from tests.database.clients import PASSWORD, Member
from tests.database.devices import decoded, encoded
from tests.database.test_authenticator import EMAIL, challenge_in, set_up

FLIPS_PER_PART = 20


def flipped(part: bytes) -> Iterator[bytes]:
    """Yield ``part`` with one bit turned, at places all over it."""
    for number in range(FLIPS_PER_PART):
        changed = bytearray(part)
        changed[number * (len(part) - 1) // (FLIPS_PER_PART - 1)] ^= 1 << (number % 8)
        yield bytes(changed)


def joined(*parts: bytes) -> str:
    return ".".join(encoded(part) for part in parts)


def jwt_mutants(token: str, settings: Settings) -> list[str]:
    """Return tokens that are nearly ``token``."""
    header, claims, signature = (decoded(part) for part in token.split("."))
    made = [joined(each, claims, signature) for each in flipped(header)]
    made += [joined(header, each, signature) for each in flipped(claims)]
    made += [joined(header, claims, each) for each in flipped(signature)]
    made += [token[:length] for length in range(0, len(token), 16)]
    made += [token + "A", token + ".", "." + token, token.replace(".", ".."), token[::-1]]
    told: dict[str, Any] = json.loads(header)
    for change in (
        {"alg": "none"},
        {"alg": "HS512"},
        {"alg": "RS256"},
        {"kid": "other"},
        {"kid": 1},
    ):
        changed = json.dumps(told | change).encode()
        made += [joined(changed, claims, b""), joined(changed, claims, signature)]
    longer = json.dumps(json.loads(claims) | {"exp": 2**40}).encode()
    made.append(joined(header, longer, signature))
    # Signed well, but with another purpose's key, or with the key as the world might guess it.
    for key in (b"", b"secret", settings.secrets.keys.derive("csrf"), b"access-token"):
        signed = f"{encoded(header)}.{encoded(longer)}".encode()
        made.append(joined(header, longer, hmac.digest(key, signed, "sha256")))
    return made


def opaque_mutants(token: str) -> list[str]:
    """Return tokens that are nearly an opaque ``token``."""
    made = [encoded(each) for each in flipped(decoded(token))]
    made += [token[:-1], token + "A", token.swapcase(), token[::-1], " " * 3, "%00", "null"]
    return [each for each in made if each != token]


async def test_no_mutant_of_an_access_token_is_taken(signed_up: Member, settings: Settings) -> None:
    token = signed_up.headers["authorization"].removeprefix("Bearer ")
    mutants = jwt_mutants(token, settings)
    assert len(mutants) > 85
    taken = []
    for each in mutants:
        headers = {"authorization": f"Bearer {each}"}
        answer = await signed_up.client.get("/api/v1/me", headers=headers)
        if answer.status_code != 401:
            taken.append((answer.status_code, each))
    assert taken == []
    assert (await signed_up.get("/api/v1/me")).status_code == 200


async def test_no_mutant_of_a_refresh_token_is_taken(signed_up: Member) -> None:
    path, token = "/api/v1/auth/refresh", signed_up.refresh_token
    for each in opaque_mutants(token):
        answer = await signed_up.client.post(path, json={"refresh_token": each})
        assert answer.status_code in {401, 422}, each
    right = await signed_up.client.post(path, json={"refresh_token": token})
    assert right.status_code == 200


async def test_no_mutant_of_a_second_step_is_taken(
    signed_up: Member, clock: HandMovedClock
) -> None:
    phone, _ = await set_up(signed_up, clock)
    step = await signed_up.client.post("/log-in", data={"email": EMAIL, "password": PASSWORD})
    challenge = challenge_in(step)
    for each in opaque_mutants(challenge):
        answer = await signed_up.client.post(
            "/log-in/code", data={"challenge": each, "code": phone.code()}
        )
        assert (answer.status_code, "set-cookie" in answer.headers) == (401, False), each
    right = {"challenge": challenge, "code": phone.code()}
    assert (await signed_up.client.post("/log-in/code", data=right)).status_code == 303
