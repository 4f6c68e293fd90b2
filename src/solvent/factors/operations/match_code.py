"""Match a one-time code to the step of 30 seconds that it belongs to.

Source: RFC 6238 (TOTP: SHA-1, six digits, 30 seconds, as every authenticator reads them).
"""

import hmac
import re
from datetime import datetime

from pyotp.totp import TOTP

STEP_S = 30
STEPS_OFF_MAX = 1
"""How many steps a clock may be off, either way."""

_SIX_DIGITS = re.compile(r"[0-9]{6}", re.ASCII)


def match_code(secret: str, code: str, *, at: datetime) -> int | None:
    """Return the step that ``code`` belongs to, at most one away from that of ``at``; None when none.

    Every step is compared, in constant time, so that nothing tells how near a guess was.
    """
    typed = "".join(code.split())
    if not _SIX_DIGITS.fullmatch(typed):
        return None
    now = int(at.timestamp()) // STEP_S
    codes, found = TOTP(secret), None
    for step in range(now - STEPS_OFF_MAX, now + STEPS_OFF_MAX + 1):
        if hmac.compare_digest(codes.generate_otp(step), typed):
            found = step
    return found
