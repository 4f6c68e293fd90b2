"""Passes: a measured run shows one, and is not limited for a few minutes.

A pass is signed with a key of its own purpose and lives a quarter of an hour at most. It lifts the
limits on how often, and nothing else: whoever shows it is as much or as little known as before.
"""

import base64
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from solvent.kernel.errors import BadValue
from solvent.runtime.keys import KeyRing, UnknownKey

HEADER: Final = "x-solvent-pass"
PURPOSE: Final = "rate-pass"
LIFETIME_MAX: Final = timedelta(minutes=15)
PASS_CHARS_MAX: Final = 200
REMEMBERED_MAX: Final = 100


def issue_pass(keys: KeyRing, now: datetime, *, lifetime: timedelta = LIFETIME_MAX) -> str:
    """Return a pass that ends after ``lifetime``, a quarter of an hour at most."""
    if not timedelta() < lifetime <= LIFETIME_MAX:
        raise BadValue("A pass lives at most 15 minutes. Ask for fewer.", field="lifetime")
    ends = int((now + lifetime).timestamp())
    said = f"{keys.current_kid}.{ends}"
    return f"{said}.{_signature(keys, keys.current_kid, said)}"


class Passes:
    """Checks what is shown as a pass."""

    def __init__(self, keys: KeyRing, seconds: Callable[[], float]) -> None:
        """Check by ``keys`` at the time of ``seconds``, which count from 1970."""
        self._keys = keys
        self._seconds = seconds
        self._known: dict[str, int] = {}

    def allow(self, shown: str) -> bool:
        """Tell whether ``shown`` is a pass of ours that has not ended."""
        if not shown or len(shown) > PASS_CHARS_MAX:
            return False
        ends = self._known.get(shown)
        if ends is None:
            ends = self._read(shown)
            if ends and len(self._known) < REMEMBERED_MAX:
                self._known[shown] = ends
        now = self._seconds()
        return now < ends <= now + LIFETIME_MAX.total_seconds()

    def _read(self, shown: str) -> int:
        """Return when a signed pass ends, in seconds; 0 of anything else."""
        said, _, signature = shown.rpartition(".")
        kid, _, ends = said.partition(".")
        try:
            expected = _signature(self._keys, kid, said)
        except UnknownKey:
            return 0
        genuine = hmac.compare_digest(signature.encode("utf-8", "replace"), expected.encode())
        return int(ends) if genuine and ends.isdecimal() else 0


def _signature(keys: KeyRing, kid: str, said: str) -> str:
    digest = hmac.new(keys.derive(PURPOSE, kid), said.encode("utf-8", "replace"), sha256).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode("ascii")
