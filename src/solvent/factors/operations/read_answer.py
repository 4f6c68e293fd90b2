"""Read what a passkey's device answers: JSON of a browser, which may say anything."""

import json
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from typing import Any, cast

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from webauthn.helpers import base64url_to_bytes, parse_client_data_json
from webauthn.helpers.exceptions import WebAuthnException

from solvent.factors.domain import PasskeyRefused

ANSWER_CHARS_MAX = 20_000


@contextmanager
def refusing() -> Generator[None, None, None]:
    """Turn whatever is wrong with an answer into one refusal."""
    try:
        yield
    except (
        WebAuthnException,
        InvalidSignature,
        UnsupportedAlgorithm,
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        AttributeError,
    ) as wrong:
        raise PasskeyRefused from wrong


def challenge_in(answer: Mapping[str, Any]) -> bytes:
    """Return the challenge that an answer says it answers."""
    with refusing():
        told = base64url_to_bytes(answer["response"]["clientDataJSON"])
        return parse_client_data_json(told).challenge


def credential_in(answer: Mapping[str, Any]) -> bytes:
    """Return the id by which the device knows its passkey."""
    with refusing():
        return base64url_to_bytes(answer["rawId"])


def answer_of(text: str) -> dict[str, Any]:
    """Return the answer that a form's field brings along as JSON."""
    with refusing():
        read: Any = json.loads(text[:ANSWER_CHARS_MAX])
    if not isinstance(read, dict):
        raise PasskeyRefused
    return cast("dict[str, Any]", read)
