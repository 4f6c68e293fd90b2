"""Months as values: the first day stands for the month."""

from calendar import monthrange
from datetime import date

MONTHS_PER_YEAR = 12


def month_of(day: date) -> date:
    """Return the first day of the month that ``day`` is in."""
    return day.replace(day=1)


def months_later(month: date, count: int) -> date:
    """Return the first day of the month ``count`` months after (before, if negative)."""
    years, index = divmod(month.month - 1 + count, MONTHS_PER_YEAR)
    return date(month.year + years, index + 1, 1)


def month_end(month: date) -> date:
    """Return the last day of the month that ``month`` is in."""
    return month.replace(day=monthrange(month.year, month.month)[1])


def months_between(first: date, last: date) -> list[date]:
    """Return the months from that of ``first`` to that of ``last``, both included, in order."""
    start = month_of(first)
    count = (last.year - start.year) * MONTHS_PER_YEAR + last.month - start.month + 1
    return [months_later(start, place) for place in range(count)]
