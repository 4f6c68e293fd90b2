"""Windows that slide: how often something happened lately, counted in two numbers.

What happened in the window before weighs as much as that window still reaches into the present one.
Here the counts stand in this process's memory; ``sharing`` keeps them in Redis.
"""

import math
from collections.abc import Callable
from typing import Final, NamedTuple, Protocol

from solvent.runtime.settingvalues import Rate

ENTRIES_MAX: Final = 50_000
"""Subjects that are counted at once; beyond that, the longest known are forgotten."""


class Count(NamedTuple):
    """What a count came to: whether it is within the rate, and what is left of it for how long."""

    allowed: bool
    left: int
    reset_s: int
    """Until the present window ends; of a refusal, until another try is allowed."""


class Windows(Protocol):
    """Counts hits by subject."""

    async def hit(self, subject: str, rate: Rate) -> Count:
        """Count one more of ``subject``, unless it is beyond ``rate``."""
        ...


class _Entry:
    """One subject: the number of the present window, its count, and the count of the one before."""

    __slots__ = ("before", "number", "present")

    def __init__(self, number: int) -> None:
        self.number = number
        self.present = 0
        self.before = 0

    def move_to(self, number: int) -> None:
        """Let the window slide to ``number``."""
        self.before = self.present if number == self.number + 1 else 0
        self.present = 0
        self.number = number


class MemoryWindows:
    """Windows of this process alone."""

    def __init__(self, seconds: Callable[[], float]) -> None:
        """Read the time from ``seconds``, which may begin anywhere."""
        self._seconds = seconds
        self._entries: dict[tuple[str, int], _Entry] = {}

    async def hit(self, subject: str, rate: Rate) -> Count:
        """Count one more of ``subject``, unless it is beyond ``rate``."""
        return self.count(subject, rate)

    def count(self, subject: str, rate: Rate) -> Count:
        """Do the same without waiting, for there is nothing to wait for."""
        now = self._seconds()
        number = int(now // rate.seconds)
        until_end = rate.seconds - now % rate.seconds
        key = (subject, rate.seconds)
        entry = self._entries.get(key)
        if entry is None:
            entry = self._new(key, number)
        elif entry.number != number:
            entry.move_to(number)
        weighed = int(entry.before * until_end / rate.seconds) + entry.present
        if weighed >= rate.count:
            wait = wait_s(rate, entry.before, entry.present, until_end)
            return Count(allowed=False, left=0, reset_s=wait)
        entry.present += 1
        return Count(
            allowed=True, left=rate.count - weighed - 1, reset_s=max(1, math.ceil(until_end))
        )

    def _new(self, key: tuple[str, int], number: int) -> _Entry:
        if len(self._entries) >= ENTRIES_MAX:
            self._forget()
        entry = self._entries[key] = _Entry(number)
        return entry

    def _forget(self) -> None:
        """Forget what no window reaches any longer; where that is nothing, the longest known half."""
        now = self._seconds()
        live = {key: it for key, it in self._entries.items() if it.number + 1 >= now // key[1]}
        if len(live) >= ENTRIES_MAX:
            live = dict(list(live.items())[ENTRIES_MAX // 2 :])
        self._entries = live


def wait_s(rate: Rate, before: int, present: int, until_end: float) -> int:
    """Return after how many whole seconds the next try will be allowed."""
    if present >= rate.count:
        # In the next window the present count is the one before, and weighs less each moment.
        surplus = present - rate.count + 1
        return math.floor(until_end + rate.seconds * surplus / present) + 1
    needed = (rate.count - present) * rate.seconds / max(1, before)
    return max(1, math.floor(until_end - needed) + 1)
