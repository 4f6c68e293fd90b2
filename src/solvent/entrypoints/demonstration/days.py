"""Days as banks count them: what is booked on which day, and what a year's months are."""

from collections.abc import Iterator
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)
_SATURDAY = 5
_HOLIDAYS = frozenset({(1, 1), (5, 1), (10, 3), (12, 25), (12, 26)})


def days_between(first: date, last: date) -> Iterator[date]:
    """Yield every day from ``first`` to ``last``, both included."""
    for ordinal in range(first.toordinal(), last.toordinal() + 1):
        yield date.fromordinal(ordinal)


def is_business_day(day: date) -> bool:
    """Say whether banks book on ``day``."""
    return day.weekday() < _SATURDAY and (day.month, day.day) not in _HOLIDAYS


def booking_day(day: date) -> date:
    """Return ``day``, or the next one on which banks book."""
    while not is_business_day(day):
        day += _ONE_DAY
    return day


def card_booking_day(day: date) -> date:
    """Return the day on which a purchase by card on ``day`` is booked: the next business day."""
    return booking_day(day + _ONE_DAY)


def is_month_end(day: date) -> bool:
    """Say whether ``day`` is the last of its month."""
    return (day + _ONE_DAY).day == 1


def months_since(start: date, day: date) -> int:
    """Return how many months ``day``'s month comes after ``start``'s."""
    return (day.year - start.year) * 12 + day.month - start.month
