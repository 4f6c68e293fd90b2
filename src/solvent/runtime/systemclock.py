"""The machine's clock, handed to everything that asks what time it is."""

from datetime import UTC, datetime


class SystemClock:
    """Tells the machine's time; a :class:`solvent.kernel.clock.Clock`."""

    def now(self) -> datetime:
        """Return this instant, aware, in UTC."""
        return datetime.now(UTC)
