"""What time it is: handed in, never asked of the machine in passing."""

from datetime import UTC, date, datetime
from typing import Protocol
from zoneinfo import ZoneInfo


class Clock(Protocol):
    """Tells the instant, in UTC."""

    def now(self) -> datetime:
        """Return the instant, aware, in UTC."""
        ...


class FixedClock:
    """A clock that stands still, for tests and for replaying."""

    def __init__(self, instant: datetime) -> None:
        """Stand at ``instant`` (aware)."""
        self._instant = instant.astimezone(UTC)

    def now(self) -> datetime:
        """Return the instant it was given."""
        return self._instant


def local_day(clock: Clock, zone: str = "UTC") -> date:
    """Return the calendar day in ``zone`` (an IANA name)."""
    return clock.now().astimezone(ZoneInfo(zone)).date()
