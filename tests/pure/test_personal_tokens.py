"""The written form of personal access tokens."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.personaltokens import PATTERN, is_meant, is_whole, written
from solvent.runtime.randomness import Chance, seeded

SECRETS = st.binary(min_size=32, max_size=32)
SIGNS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz_-. é٣\0"
MUTANTS = 150


def mutant(token: str, chance: Chance) -> str:
    """Return ``token`` with one thing wrong with it."""
    at = chance.randrange(len(token))
    other = chance.choice([sign for sign in SIGNS if sign != token[at]])
    return chance.choice(
        [
            token[:at] + other + token[at + 1 :],
            token[:at] + token[at + 1 :],
            token[:at] + other + token[at:],
            token[:at] + token[at].swapcase() + token[at + 1 :],
            token[: at + 1],
            token + other,
            token[::-1],
        ]
    )


@given(SECRETS)
def test_a_token_is_whole_and_of_the_published_pattern(secret: bytes) -> None:
    token = written(secret)
    assert is_meant(token)
    assert is_whole(token)
    assert re.fullmatch(PATTERN, token)


@given(SECRETS, SECRETS)
def test_two_secrets_are_two_tokens(one: bytes, other: bytes) -> None:
    assert (written(one) == written(other)) == (one == other)


@pytest.mark.parametrize("seed", range(MUTANTS))
def test_a_mutant_is_not_whole(seed: int) -> None:
    chance = seeded(seed)
    token = written(chance.randbytes(32))
    changed = mutant(token, chance)
    assert changed == token or not is_whole(changed)


@pytest.mark.parametrize(
    "text", ["", "solvent_pat_", "solvent_pat_" + "0" * 49, "eyJhbGciOiJub25lIn0"]
)
def test_what_is_no_token_is_not_whole(text: str) -> None:
    assert not is_whole(text)


def test_a_secret_has_its_length() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        written(b"short")
