"""A clock that stands still until a test moves it."""

from datetime import datetime, timedelta

from solvent.kernel.clock import FixedClock


class HandMovedClock(FixedClock):
    """A :class:`solvent.kernel.clock.Clock` for tests."""

    def __init__(self, instant: datetime) -> None:
        """Stand at ``instant`` (aware)."""
        super().__init__(instant)
        self._moved = timedelta()

    def now(self) -> datetime:
        """Return the instant it was given and moved to."""
        return super().now() + self._moved

    def advance(self, **by: float) -> None:
        """Move on, ``by`` as the arguments of a timedelta."""
        self._moved += timedelta(**by)
