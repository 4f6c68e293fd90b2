"""One-time codes and recovery codes, as arithmetic."""

import base64
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.factors.domain import recovery_code, recovery_digest
from solvent.factors.operations.match_code import STEP_S, match_code

SECRET = base64.b32encode(b"12345678901234567890").decode()
ALMA, BRUNO = UUID(int=1), UUID(int=2)


@pytest.mark.parametrize(
    ("seconds", "code"),
    [
        (59, "287082"),
        (1_111_111_109, "081804"),
        (1_234_567_890, "005924"),
        (2_000_000_000, "279037"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, code: str) -> None:
    at = datetime.fromtimestamp(seconds, UTC)
    assert match_code(SECRET, code, at=at) == seconds // STEP_S


@pytest.mark.parametrize(("off_s", "fits"), [(-60, False), (-30, True), (30, True), (60, False)])
def test_a_clock_may_be_one_step_off(off_s: int, fits: bool) -> None:  # noqa: FBT001 - a case
    at = datetime.fromtimestamp(1_234_567_890, UTC) + timedelta(seconds=off_s)
    assert (match_code(SECRET, "005 924", at=at) is not None) is fits


@given(st.text(max_size=12).filter(lambda text: not text.isdecimal()))
def test_what_is_no_code_fits_no_step(text: str) -> None:
    at = datetime.fromtimestamp(1_234_567_890, UTC)
    assert match_code(SECRET, text, at=at) is None


@given(st.binary(min_size=10, max_size=10))
def test_a_recovery_code_is_known_however_it_is_typed(random: bytes) -> None:
    code = recovery_code(random)
    assert len(code) == 19
    typed = f"  {code.upper().replace('-', ' ')} "
    assert recovery_digest(ALMA, typed) == recovery_digest(ALMA, code)
    assert recovery_digest(BRUNO, code) != recovery_digest(ALMA, code)
