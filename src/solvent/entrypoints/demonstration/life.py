"""The household's life, day by day: what it earns, owes, moves and buys, as its banks book it.

A day's chances come from the seed and the day alone, and a day looks only at the days before it, so
living longer never changes what was.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple
from zlib import crc32

from solvent.entrypoints.demonstration.accounts import TERMS, Account
from solvent.entrypoints.demonstration.bills import CONTRACTS, QUARTERLY, WAGES, Bill
from solvent.entrypoints.demonstration.days import (
    booking_day,
    card_booking_day,
    days_between,
    is_month_end,
)
from solvent.entrypoints.demonstration.shops import HABITS, Habit
from solvent.entrypoints.demonstration.trips import trip_of
from solvent.runtime.randomness import Chance, seeded

_SEED_STRIDE = 10_000_000
"""More than there are days, so that two seeds share none."""
_CONTRIBUTION_MINOR = -145_000
_BEN_SAVES_MINOR = -80_000
_DOLLARS_BOUGHT_MINOR = -20_000
_KEPT_MINOR = 430_000
_LEAST_MINOR = 160_000
_SAVED_MINOR_MAX = 150_000
_HUNDRED_MINOR = 10_000
_INTEREST_PER_QUARTER_PER_MILLE = 5
_INFLATION_PERCENT = 2


class Movement(NamedTuple):
    """One row of a statement; ``amount_minor`` is the account owner's, money out negative."""

    booked_on: date
    happened_on: date
    amount_minor: int
    text: str


class Life:
    """What has been booked so far; :meth:`until` lives on."""

    def __init__(self, *, start: date, seed: int) -> None:
        """Begin on ``start`` with the opening balances."""
        self._start = start
        self._seed = seed
        self._booked: dict[Account, list[Movement]] = {account: [] for account in Account}
        self._refunds: dict[date, list[tuple[Account, str, int]]] = {}
        self._owed: dict[Account, int] = {}

    def until(self, day: date) -> dict[Account, list[Movement]]:
        """Live from the start to ``day`` and return what is booked by then, in the banks' order."""
        for today in days_between(self._start, day):
            self._live(today, seeded(self._seed * _SEED_STRIDE + today.toordinal()))
        return {
            account: sorted(
                (row for row in rows if row.booked_on <= day), key=lambda row: row.booked_on
            )
            for account, rows in self._booked.items()
        }

    def _live(self, today: date, chance: Chance) -> None:
        """Live one day."""
        for account, text, amount_minor in self._refunds.pop(today, []):
            self._book(account, amount_minor, text, on=today)
        for bill in (*WAGES, *CONTRACTS):
            if bill.is_due(today):
                self._settle(bill, today, chance)
        self._move(today, chance)
        trip = trip_of(today.year - self._start.year)
        for habit in trip.habits if trip.covers(today) else HABITS:
            self._follow(habit, today, chance)

    def _balance_minor(self, account: Account, *, by: date) -> int:
        """Return what the account holds at the end of ``by``."""
        moved = sum(row.amount_minor for row in self._booked[account] if row.booked_on <= by)
        return TERMS[account].opening_balance_minor + moved

    def _book(self, account: Account, amount_minor: int, text: str, *, on: date) -> None:
        """Book on the next day that banks do."""
        self._booked[account].append(Movement(booking_day(on), on, amount_minor, text))

    def _settle(self, bill: Bill, today: date, chance: Chance) -> None:
        """Pay a bill, or be paid."""
        amount_minor = bill.amount_minor(self._start, today)
        amount_minor += _between(chance, -bill.varies_minor, bill.varies_minor)
        self._book(
            bill.account, amount_minor, _text(bill.text, bill.payee, today, chance), on=today
        )

    def _follow(self, habit: Habit, today: date, chance: Chance) -> None:
        """Go to a shop, or not."""
        open_days = sum(mark != "-" for mark in habit.open_days)
        drawn = chance.random() * open_days * 10
        is_open = habit.open_days[today.weekday()] != "-" and today.month in habit.months
        if not is_open or drawn >= habit.per_ten_weeks:
            return
        amount_minor = self._price(habit, today, chance)
        text = _text(habit.text, habit.payee, today, chance)
        booked_on = card_booking_day(today)
        times = 1 + (chance.random() * 100 < habit.twin_percent)
        row = Movement(booked_on, today, -amount_minor, text)
        self._booked[habit.account].extend([row] * times)
        if chance.random() * 100 < habit.refunded_percent:
            back_on = booked_on + timedelta(days=_between(chance, 4, 15))
            self._refunds.setdefault(back_on, []).append((habit.account, text, amount_minor))

    def _price(self, habit: Habit, today: date, chance: Chance) -> int:
        """Return what a purchase costs: mostly about the middle, and a little more each year."""
        low, high, step = habit.low_minor, habit.high_minor, habit.step_minor
        middle = (_between(chance, low, high) + _between(chance, low, high)) // 2
        years = today.year - self._start.year
        raised = middle * (100 + _INFLATION_PERCENT * years) // 100
        return raised // step * step

    def _move(self, today: date, chance: Chance) -> None:
        """Move money between the household's own accounts."""
        month = f"{today:%m/%Y}"
        for movement in _standing_orders(today, month, chance):
            self._book(*movement, on=today)
        if today.day == 2:  # noqa: PLR2004 - before the card is paid
            self._draw(today, month)
        if today.day == 28:  # noqa: PLR2004 - when both wages are in
            self._save(today, month)
        self._pay_cards(today, month)
        if is_month_end(today) and today.month in QUARTERLY:
            held = self._balance_minor(Account.SAVINGS, by=today)
            interest = held * _INTEREST_PER_QUARTER_PER_MILLE // 1_000
            self._book(Account.SAVINGS, interest, f"ZINSEN {month}", on=today)

    def _save(self, today: date, month: str) -> None:
        """Put away what the joint account does not need, in whole hundreds."""
        spare = self._balance_minor(Account.JOINT, by=today) - _KEPT_MINOR
        amount = min(_SAVED_MINOR_MAX, spare) // _HUNDRED_MINOR * _HUNDRED_MINOR
        if amount > 0:
            self._transfer(today, Account.JOINT, Account.SAVINGS, amount, f"SPAREN {month}")

    def _draw(self, today: date, month: str) -> None:
        """Take from the savings what the card's bill will need, in whole hundreds."""
        after_card = self._balance_minor(Account.JOINT, by=today) - self._owed.get(Account.CARD, 0)
        missing = _LEAST_MINOR - after_card
        if missing > 0:
            amount = -(-missing // _HUNDRED_MINOR) * _HUNDRED_MINOR
            self._transfer(today, Account.SAVINGS, Account.JOINT, amount, f"RESERVE {month}")

    def _transfer(
        self, today: date, giver: Account, taker: Account, amount_minor: int, why: str
    ) -> None:
        """Move euro between the joint account and the savings; each side names the other."""
        other = {Account.JOINT: "UEBERTRAG GIROKONTO", Account.SAVINGS: "UEBERTRAG TAGESGELD"}
        self._book(giver, -amount_minor, f"{other[taker]} SVWZ+{why}", on=today)
        self._book(taker, amount_minor, f"{other[giver]} SVWZ+{why}", on=today)

    def _pay_cards(self, today: date, month: str) -> None:
        """Close the cards' months, and pay them on the 5th."""
        if is_month_end(today):
            for card in (Account.CARD, Account.DOLLAR_CARD):
                self._owed[card] = -self._balance_minor(card, by=today)
        if today.day != 5:  # noqa: PLR2004 - the cards' day
            return
        if (owed := self._owed.get(Account.CARD, 0)) > 0:
            self._book(Account.JOINT, -owed, f"KREDITKARTE 0077 ABRECHNUNG {month}", on=today)
            self._book(Account.CARD, owed, "LASTSCHRIFTEINZUG KREDITKARTE", on=today)
        if (owed := self._owed.get(Account.DOLLAR_CARD, 0)) > 0:
            self._book(Account.DOLLARS, -owed, "DOLLAR CARD PAYMENT REF 4410", on=today)
            self._book(Account.DOLLAR_CARD, owed, "PAYMENT RECEIVED THANK YOU", on=today)


def _standing_orders(today: date, month: str, chance: Chance) -> Iterator[tuple[Account, int, str]]:
    """Yield both sides of what Ben moves by standing order, and of the dollars he buys."""
    if today.day == 27:  # noqa: PLR2004 - after his wages
        yield Account.BEN, _CONTRIBUTION_MINOR, f"DAUERAUFTRAG HAUSHALTSKONTO SVWZ+{month}"
        yield Account.JOINT, -_CONTRIBUTION_MINOR, f"GUTSCHRIFT BEN BEISPIEL SVWZ+HAUSHALT {month}"
        yield Account.BEN, _BEN_SAVES_MINOR, f"DAUERAUFTRAG TAGESGELD SVWZ+{month}"
        yield Account.SAVINGS, -_BEN_SAVES_MINOR, f"GUTSCHRIFT BEN BEISPIEL {month}"
    if today.day == 20 and today.month in QUARTERLY:  # noqa: PLR2004 - once a quarter
        rate = _between(chance, 10_450, 11_350)
        bought = -_DOLLARS_BOUGHT_MINOR * rate // 10_000
        told = f"{rate // 10_000}.{rate % 10_000:04d}"
        yield Account.BEN, _DOLLARS_BOUGHT_MINOR, f"AUSLANDSUEBERWEISUNG USD KONTO KURS {told}"
        yield Account.DOLLARS, bought, f"INCOMING WIRE BEN BEISPIEL REF {_reference(chance)}"


def _between(chance: Chance, low: int, high: int) -> int:
    """Draw a whole number from ``low`` to ``high``, both included."""
    return low + int(chance.random() * (high - low + 1))


def _reference(chance: Chance) -> str:
    """Draw a number of nine digits."""
    return f"{_between(chance, 0, 999_999_999):09d}"


def _text(template: str, payee: str, day: date, chance: Chance) -> str:
    """Write what the bank writes."""
    shop = payee.upper()
    terminal = 1_000 + crc32(shop.encode()) % 9_000
    return template.format(shop=shop, day=day, terminal=terminal, reference=_reference(chance))
