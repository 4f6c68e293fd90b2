"""Months begin on the first, end on the last, and follow each other without gaps."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.kernel.period import month_end, month_of, months_between, months_later

DAYS = st.dates()
MONTHS = st.dates(date(1900, 1, 1), date(2999, 12, 31)).map(month_of)
COUNTS = st.integers(-1_200, 1_200)


@given(DAYS)
def test_a_day_is_in_its_month(day: date) -> None:
    first, last = month_of(day), month_end(day)
    assert first <= day <= last
    assert (first.day, first.month, first.year) == (1, day.month, day.year)
    assert last == date.max or (last + timedelta(days=1)).day == 1


@given(MONTHS, COUNTS)
def test_going_there_and_back_leads_to_the_same_month(month: date, count: int) -> None:
    assert months_later(months_later(month, count), -count) == month


@given(MONTHS, st.integers(0, 600))
def test_months_between_are_all_of_them_in_order(first: date, count: int) -> None:
    last = months_later(first, count)
    months = months_between(first, last)
    assert months == [months_later(first, place) for place in range(count + 1)]
    assert months == months_between(first, month_end(last))


def test_the_last_month_there_is_counts_too() -> None:
    assert months_between(date(9999, 11, 30), date.max) == [date(9999, 11, 1), date(9999, 12, 1)]
    assert month_end(date(9999, 12, 1)) == date.max


def test_there_is_no_month_between_an_end_and_an_earlier_beginning() -> None:
    assert months_between(date(2026, 3, 1), date(2026, 2, 28)) == []


@pytest.mark.parametrize(
    ("month", "end"),
    [
        (date(2024, 2, 1), date(2024, 2, 29)),
        (date(2026, 2, 1), date(2026, 2, 28)),
        (date(2026, 12, 1), date(2026, 12, 31)),
    ],
)
def test_months_end_when_the_calendar_says(month: date, end: date) -> None:
    assert month_end(month) == end
