"""Running balances: a proof of sign and order, and where the closing balance stands.

Between two rows the balance moves by the amount of the later one. Over the whole file only the ends
and the sum are kept, for the steps between them cancel out.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

STEPS_MIN = 1
"""Steps between rows that a verdict needs."""


@dataclass(frozen=True, slots=True)
class Steps:
    """How many steps of a balance agree with the amounts, by order and sign."""

    ascending: int = 0
    descending: int = 0
    ascending_inverted: int = 0
    descending_inverted: int = 0
    total: int = 0

    @property
    def agreeing(self) -> int:
        """Return how many steps agree with the amounts as they are."""
        return max(self.ascending, self.descending)

    @property
    def inverted(self) -> int:
        """Return how many steps agree with the amounts inverted."""
        return max(self.ascending_inverted, self.descending_inverted)

    @property
    def share(self) -> float:
        """Return the share of steps that agree with the amounts as they are."""
        return self.agreeing / self.total if self.total >= STEPS_MIN else 0.0


def steps(amounts: Sequence[int | None], balances: Sequence[int | None]) -> Steps:
    """Count the steps of neighbouring rows; rows without amount or balance are left out."""
    rows = [
        (a, b) for a, b in zip(amounts, balances, strict=True) if a is not None and b is not None
    ]
    up = down = up_inverted = down_inverted = moved = 0
    for (a, b), (later, c) in pairwise(rows):
        if later or a:
            moved += 1
            up += c - b == later
            down += b - c == a
            up_inverted += b - c == later
            down_inverted += c - b == a
    return Steps(up, down, up_inverted, down_inverted, moved)


@dataclass(slots=True)
class Chain:
    """The balances of one account and currency over a whole file.

    ``after_first`` sums the amounts behind the first row that states a balance, ``at_last`` is that
    sum at the last such row; so the two ends prove each other in either order.
    """

    first_on: date
    first_minor: int
    first_balance: int
    last_on: date
    last_minor: int
    last_balance: int
    after_first: int = 0
    at_last: int = 0
    rows: int = 1

    @staticmethod
    def started(on: date, minor: int, balance: int) -> "Chain":
        """Start with the first row that states a balance."""
        return Chain(on, minor, balance, on, minor, balance)

    def skip(self, minor: int) -> None:
        """Go on by a row, or the sum of rows, without a balance of interest."""
        self.after_first += minor

    def add(self, on: date, minor: int, balance: int) -> None:
        """Go on by a row that states a balance."""
        self.after_first += minor
        self.at_last = self.after_first
        self.last_on, self.last_minor, self.last_balance = on, minor, balance
        self.rows += 1

    @property
    def ascends(self) -> bool:
        """Say whether the balances agree with the amounts, oldest row first."""
        return self.last_balance - self.first_balance == self.at_last

    @property
    def descends(self) -> bool:
        """Say whether the balances agree with the amounts, newest row first."""
        moved = self.first_minor + self.at_last - self.last_minor
        return self.first_balance - self.last_balance == moved

    @property
    def agrees(self) -> bool:
        """Say whether the balances agree with the amounts at all."""
        return self.rows == 1 or self.ascends or self.descends

    def closing(self, *, newest_first: bool) -> tuple[int, date]:
        """Return the newest balance and its day; ``newest_first`` decides where days are equal."""
        if self.first_on != self.last_on:
            first = self.first_on > self.last_on
        elif self.ascends != self.descends:
            first = self.descends
        else:
            first = newest_first
        if first:
            return self.first_balance, self.first_on
        return self.last_balance, self.last_on
