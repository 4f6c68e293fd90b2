"""Which of day and month stands first, decided by all rows or by a person, never by a guess.

A day above twelve settles it. Else other facts may: a dot between the numbers, a decimal comma, a
header in a language that puts the day first, a currency of such a country, rows that are sorted
under one reading only, or many rows that would all fall on one day of the month.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date

from solvent.intake.formats.csv_table.dates import DateFormat, date_format, formats_of
from solvent.intake.formats.csv_table.phrases import MONTHS_PER_YEAR
from solvent.kernel.currency import UNKNOWN_CODE

MONTH_FIRST_CURRENCIES = frozenset(("USD", "CAD", "PHP", UNKNOWN_CODE, ""))
"""Currencies whose countries write the month first, at least sometimes."""
SORTED_DAYS_MIN = 3
"""So many different days make an order of rows a fact."""
BUSY_ROWS_PER_DAY = 3
"""So many rows for each different day are the life of days that follow each other."""
UNEVEN = 3
"""So many times the rows of the quietest day on the busiest."""
YEARS_APART_MAX = 2
DAYS_KEPT = 5_000
"""Different days kept to judge by."""
TEXTS_KEPT = 20_000
"""Different cells whose days are kept."""
LEAP_YEAR = 2000
"""Year that dates without one are judged in."""


@dataclass(slots=True)
class Order:
    """One reading of the dates, and whether the rows rise or fall under it."""

    form: DateFormat
    rises: bool = True
    falls: bool = True
    last: date = date.min
    days: Counter[date] = field(default_factory=Counter[date])

    def take(self, day: date) -> None:
        """Take the next row's day."""
        if day < self.last:
            self.rises = False
        elif day > self.last and self.days:
            self.falls = False
        self.last = day
        if len(self.days) < DAYS_KEPT:
            self.days[day] += 1

    @property
    def is_sorted(self) -> bool:
        """Say whether enough different days stand in order."""
        return (self.rises or self.falls) and len(self.days) >= SORTED_DAYS_MIN


def candidates(texts: Iterable[str]) -> list[str]:
    """Return the formats that fit the most of ``texts``, day first before month first."""
    fits: Counter[str] = Counter()
    for text in texts:
        fits.update(formats_of(text))
    if not fits:
        return []
    most = max(fits.values())
    return [form for form, count in fits.items() if count == most]


def without_absurd_years(forms: Sequence[str], texts: Sequence[str]) -> list[str]:
    """Drop the two-digit year from one of the two ends.

    It stands last, unless that would spread the rows over years and the other end would not.
    """
    first = [form for form in forms if form.startswith("%y")]
    last = [form for form in forms if form not in first]
    if not first or not last:
        return list(forms)
    narrow = min(_years_apart(form, texts) for form in first) <= YEARS_APART_MAX
    wide = min(_years_apart(form, texts) for form in last) > 2 * YEARS_APART_MAX
    return first if narrow and wide else last


def _years_apart(form: str, texts: Sequence[str]) -> int:
    """Return how many years lie between the first and the last row under one reading."""
    compiled = date_format(form)
    years = [compiled.read(text, LEAP_YEAR).year for text in texts if form in formats_of(text)]
    return max(years, default=0) - min(years, default=0)


def by_facts(forms: Sequence[str], *, decimal_comma: bool, english: bool, currency: str) -> str:
    """Return the one format that facts beside the dates settle, empty where none does."""
    day_first = [form for form in forms if form.startswith("%d")]
    if len(day_first) != 1:
        return ""
    dotted = day_first[0].startswith("%d.")
    elsewhere = currency not in MONTH_FIRST_CURRENCIES
    return day_first[0] if dotted or decimal_comma or not english or elsewhere else ""


def by_rows(forms: Sequence[str], texts: Iterable[str]) -> list[str]:
    """Return the formats that remain after looking at every row: one where the rows settle it."""
    orders = [Order(date_format(form)) for form in forms]
    known: dict[str, list[date | None]] = {}
    fits = [0] * len(orders)
    for text in texts:
        days = known.get(text)
        if days is None:
            if len(known) > TEXTS_KEPT:
                known.clear()
            possible = formats_of(text)
            days = known[text] = [_day(order, text, possible) for order in orders]
        for at, day in enumerate(days):
            if day is not None:
                fits[at] += 1
                orders[at].take(day)
    fitting = [order for order, fit in zip(orders, fits, strict=True) if fit == max(fits)]
    if len(fitting) > 1:
        fitting = [order for order in fitting if order.is_sorted] or fitting
    if len(fitting) > 1:
        crowded = [order for order in fitting if _one_day_of_month(order)]
        fitting = [order for order in fitting if order not in crowded] or fitting
    return [order.form.text for order in fitting]


def _day(order: Order, text: str, possible: Sequence[str]) -> date | None:
    """Return the day that ``text`` is under one reading, None where it cannot be."""
    return order.form.read(text, LEAP_YEAR) if order.form.text in possible else None


def _one_day_of_month(order: Order) -> bool:
    """Say whether many rows would all fall on the same day of three or more months, unevenly."""
    days = order.days
    if len(days) < SORTED_DAYS_MIN or len({day.day for day in days}) > 1:
        return False
    months = {(day.year, day.month) for day in days}
    rows, counts = sum(days.values()), days.values()
    busy = rows >= BUSY_ROWS_PER_DAY * len(days) and max(counts) >= UNEVEN * min(counts)
    return busy and SORTED_DAYS_MIN <= len(months) <= MONTHS_PER_YEAR
