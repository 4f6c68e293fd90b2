"""Where the household goes in August, a different place each year, and what it buys there."""

from dataclasses import dataclass
from datetime import date

from solvent.entrypoints.demonstration.accounts import Account
from solvent.entrypoints.demonstration.shops import EVERY_DAY, Habit

_MONTH = 8


def _there(
    account: Account, text: str, *shops: tuple[str, str, int, int, int]
) -> tuple[Habit, ...]:
    """Return what is bought on a trip, on any day of the week.

    A shop is its name, what it is for, how often in ten weeks, and its lowest and highest price.
    """
    return tuple(
        Habit(account, shop, f"Travel:{what}", text, often, low, high, open_days=EVERY_DAY)
        for shop, what, often, low, high in shops
    )


@dataclass(frozen=True, slots=True)
class Trip:
    """Two weeks away, from one day of August to another; at home nothing is bought meanwhile."""

    first_day: int
    last_day: int
    habits: tuple[Habit, ...]

    def covers(self, day: date) -> bool:
        """Say whether ``day`` is spent there."""
        return day.month == _MONTH and self.first_day <= day.day <= self.last_day


TRIPS: tuple[Trip, ...] = (
    Trip(
        3,
        16,
        _there(
            Account.CARD,
            "{shop} RIMINI IT",
            ("Gelateria Nuvola", "Food", 50, 600, 1_900),
            ("Osteria Granchio Blu", "Food", 40, 3_400, 8_800),
            ("Mercato Basilico", "Food", 40, 900, 4_200),
            ("Lido Ombrellone", "Activities", 40, 2_200, 3_600),
        ),
    ),
    Trip(
        5,
        19,
        _there(
            Account.DOLLAR_CARD,
            "SQ *{shop} PORTLAND ME",
            ("Blue Kettle Coffee", "Food", 55, 480, 1_400),
            ("Larkbird Diner", "Food", 40, 2_900, 9_400),
            ("Pinewick Market", "Food", 40, 1_100, 6_200),
            ("Lantern Boats", "Activities", 30, 2_400, 8_000),
        ),
    ),
    Trip(
        8,
        21,
        _there(
            Account.CARD,
            "{shop} ROSTOCK DE",
            ("Eisdiele Polarfuchs", "Food", 50, 500, 1_600),
            ("Fischkiste Ahoi", "Food", 40, 1_900, 6_900),
            ("Ferienmarkt Seestern", "Food", 40, 1_000, 5_400),
            ("Strandkorb Verleih", "Activities", 40, 1_100, 2_400),
        ),
    ),
)


def trip_of(year: int) -> Trip:
    """Return the trip of the household's ``year``, counted from 0; after three it starts again."""
    return TRIPS[year % len(TRIPS)]
