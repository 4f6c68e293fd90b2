"""What is sealed opens in its place, under its key, and nowhere else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.keys import KeyRing, UnknownKey, generate_key
from solvent.runtime.sealing import Seal, SealBrokenError

OLD, NEW = (KeyRing.parse(generate_key()) for _ in range(2))
SEAL = Seal(OLD, "persons")


@given(st.binary(max_size=200))
def test_what_is_sealed_opens_in_its_place(plain: bytes) -> None:
    sealed = SEAL.seal(plain, place="totp/1")
    assert SEAL.open(sealed, place="totp/1") == plain
    assert not plain or len(plain) < 4 or plain not in sealed


def test_the_same_is_sealed_differently_each_time() -> None:
    assert SEAL.seal(b"key", place="totp/1") != SEAL.seal(b"key", place="totp/1")


def test_another_place_or_purpose_opens_nothing() -> None:
    sealed = SEAL.seal(b"key", place="totp/1")
    with pytest.raises(SealBrokenError):
        SEAL.open(sealed, place="totp/2")
    with pytest.raises(SealBrokenError):
        Seal(OLD, "households").open(sealed, place="totp/1")


@given(st.integers(min_value=0), st.integers(1, 255))
def test_a_changed_byte_opens_nothing(at: int, change: int) -> None:
    sealed = bytearray(SEAL.seal(b"the key of somebody", place="totp/1"))
    sealed[at % len(sealed)] ^= change
    with pytest.raises((SealBrokenError, UnknownKey)):
        SEAL.open(bytes(sealed), place="totp/1")


def test_a_key_that_is_gone_is_named_as_that() -> None:
    with pytest.raises(UnknownKey):
        Seal(NEW, "persons").open(SEAL.seal(b"key", place="totp/1"), place="totp/1")
    assert repr(SEAL) == "Seal(persons)"
