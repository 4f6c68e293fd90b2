"""What only the database can find, and a person is told: that others are in the way, or it is too large."""

from typing import Final

import asyncpg

from solvent.kernel.errors import Refusal
from solvent.kernel.money import SumOutOfRange
from solvent.runtime.database import DatabaseUnavailable


class OutcomeUnknown(Refusal):
    """The connection was lost while the change was being made final."""

    code = "runtime.outcome_unknown"

    def __init__(self) -> None:
        """Say that it may or may not have happened."""
        super().__init__(
            "The database went away while your change was being saved: it may have been kept or "
            "not. Look before you repeat it, or repeat it with the same Idempotency-Key."
        )


class BooksBusy(Refusal):
    """Others change the same books, and hold them for longer than anyone waits."""

    code = "runtime.books_busy"

    def __init__(self) -> None:
        """Say that trying again helps."""
        super().__init__(
            "Someone else is changing these books at this moment; nothing was saved. Try again."
        )


PASSING: Final = (DatabaseUnavailable, OutcomeUnknown, BooksBusy)
"""Refusals that lie in the moment and not in what was asked: trying again may help."""


def refusal_of(error: BaseException) -> Refusal | None:
    """Return what a person is told of an error that only the database can find, if it is one."""
    if isinstance(error, asyncpg.DeadlockDetectedError | asyncpg.LockNotAvailableError):
        return BooksBusy()
    if isinstance(error, asyncpg.NumericValueOutOfRangeError):
        return SumOutOfRange()
    return None
