"""Where ids and tokens come from: UUIDs that sort by time, and secrets nobody can guess.

An id is a UUID of version 7: 48 bits of milliseconds, then 74 bits that are random when a
millisecond begins and only ever grow within it. So ids made by one process sort as they were made,
and rows that belong together lie together in an index. For bulk work the database numbers rows
itself: it appends a counter of 48 bits to a prefix taken here.
"""

import secrets
import threading
import time
from collections.abc import Callable
from uuid import UUID

TAIL_BITS = 74
COUNTER_BITS = 48
PREFIX_HEX_DIGITS = 20
COUNTER_HEX_DIGITS = 12
TOKEN_BYTES = 32

_TAIL_END = 1 << TAIL_BITS
_COUNTER_END = 1 << COUNTER_BITS
_STEP_BITS = 32


def _milliseconds() -> int:
    """Return the machine's time, in whole milliseconds since 1970."""
    return time.time_ns() // 1_000_000


class IdSource:
    """Makes ids that grow, whatever the machine's clock does and however many threads ask."""

    def __init__(
        self,
        milliseconds: Callable[[], int] = _milliseconds,
        random_bits: Callable[[int], int] = secrets.randbits,
    ) -> None:
        """Take the time since 1970 and the randomness from where one is told."""
        self._milliseconds = milliseconds
        self._random_bits = random_bits
        self._lock = threading.Lock()
        self._millisecond = 0
        self._tail = 0

    def new_id(self) -> UUID:
        """Return an id greater than every one before."""
        with self._lock:
            if not self._entered_new_millisecond():
                self._advance_to(self._tail + 1 + self._random_bits(_STEP_BITS))
            return UUID(int=_laid_out(self._millisecond, self._tail))

    def prefix(self) -> str:
        """Return 20 hex digits; with a counter of 12 hex digits behind, they are an id.

        All ids under the prefix are greater than every id before, and less than every one after.
        """
        with self._lock:
            if not self._entered_new_millisecond():
                self._advance_to(((self._tail >> COUNTER_BITS) + 1) << COUNTER_BITS)
            self._tail |= _COUNTER_END - 1
            return f"{_laid_out(self._millisecond, self._tail):032x}"[:PREFIX_HEX_DIGITS]

    def _entered_new_millisecond(self) -> bool:
        """Start afresh when the clock has moved on; half the room is left to grow into."""
        millisecond = self._milliseconds()
        if millisecond <= self._millisecond:
            return False
        self._millisecond, self._tail = millisecond, self._random_bits(TAIL_BITS - 1)
        return True

    def _advance_to(self, tail: int) -> None:
        """Move on within the millisecond, or into the next where this one is full."""
        if tail >= _TAIL_END:
            self._millisecond += 1
            tail = self._random_bits(TAIL_BITS - 1)
        self._tail = tail


_SOURCE = IdSource()


def new_id() -> UUID:
    """Return a new UUIDv7, greater than every one this process made before."""
    return _SOURCE.new_id()


def id_prefix() -> str:
    """Return the leading 80 bits of ids made in bulk, as 20 hex digits.

    Append a counter as 12 hex digits (``lpad(to_hex(n), 12, '0')``) for each id.
    """
    return _SOURCE.prefix()


def new_token() -> str:
    """Return a token of 32 random bytes, in 43 characters that are safe in a URL."""
    return secrets.token_urlsafe(TOKEN_BYTES)


def new_secret() -> bytes:
    """Return 32 random bytes."""
    return secrets.token_bytes(TOKEN_BYTES)


def _laid_out(millisecond: int, tail: int) -> int:
    """Return the 128 bits of a UUIDv7: time, version, 12 bits, variant, 62 bits."""
    high, low = tail >> 62, tail & ((1 << 62) - 1)
    return (millisecond << 80) | (0x7 << 76) | (high << 64) | (0b10 << 62) | low
