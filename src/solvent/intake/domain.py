"""Imports as values: which fact a row states, the states of an import, what it comes to, refusals."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from hashlib import md5
from uuid import UUID

from solvent.intake.formats.reading import Question, SourceRow
from solvent.kernel.errors import Refusal

FILE_NAME_CHARS_MAX = 255


def fingerprints(rows: Iterable[SourceRow]) -> list[str]:
    """Return for each row the fact that it states, as 32 hex digits: the same for equal facts.

    The first eight say the day, so that facts sort by it; the others are a digest of the bank's own
    id and the amount, or else of amount and text: one that PostgreSQL can make too, so that it can
    verify what it keeps. Equal rows without an id are equal here; whoever sees the whole file counts
    them.
    """
    days: dict[date, str] = {}
    facts: list[str] = []
    for row in rows:
        day = days.get(row.booked_on)
        if day is None:
            day = days[row.booked_on] = f"{row.booked_on.toordinal():08x}"
        said = row.external_id
        text = (
            f"i{row.amount_minor}|{said}" if said else f"r{row.amount_minor}|{row.payee}|{row.memo}"
        )
        facts.append(day + md5(text.encode(), usedforsecurity=False).hexdigest()[8:])
    return facts


def plain_name(text: str) -> str:
    """Return what a file is called, without the path, the controls and the length it came with."""
    last = text.replace("\\", "/").rpartition("/")[2]
    printable = "".join(sign for sign in last if sign.isprintable())
    return printable.strip()[:FILE_NAME_CHARS_MAX] or "file"


class ImportState(StrEnum):
    """Where an import stands."""

    PREVIEWED = "previewed"
    WAITING = "waiting"
    IMPORTING = "importing"
    COMMITTED = "committed"
    UNDONE = "undone"
    FAILED = "failed"


class NotCommitted(Refusal):
    """The import is not in the books, so that there is nothing to undo."""

    code = "intake.not_committed"

    def __init__(self, state: str) -> None:
        """Name the state it is in."""
        super().__init__(
            f"This import is {state}; only a committed one can be undone.", state=state
        )


class NotUndone(Refusal):
    """The import was not undone, so that there is nothing to bring back."""

    code = "intake.not_undone"

    def __init__(self, state: str) -> None:
        """Name the state it is in."""
        super().__init__(f"This import is {state}; only an undone one can be redone.", state=state)


class NotPreviewed(Refusal):
    """The import does not wait for anyone's word."""

    code = "intake.not_previewed"

    def __init__(self, state: str) -> None:
        """Name the state it is in."""
        super().__init__(f"This import is {state} already.", state=state)


class CurrencyClash(Refusal):
    """The rows are in another currency than the account they are meant for."""

    code = "intake.currency_clash"

    def __init__(self, *, rows: str, account: str) -> None:
        """Name both currencies."""
        super().__init__(
            f"The file's rows are in {rows}, the account is kept in {account}; choose an account "
            f"in {rows}.",
            rows=rows,
            account=account,
        )


@dataclass(frozen=True, slots=True)
class ClosingCheck:
    """A closing balance of the bank; ``ties`` says whether the books agree with it.

    ``gap_minor`` is the bank's balance less the books'.
    """

    amount_minor: int
    on: date
    ties: bool | None = None
    gap_minor: int = 0

    def against(self, held_minor: int) -> "ClosingCheck":
        """Return the check against what the books hold on that day."""
        gap = self.amount_minor - held_minor
        return ClosingCheck(self.amount_minor, self.on, ties=gap == 0, gap_minor=gap)


@dataclass(slots=True)
class AccountSummary:
    """What a file holds for one account in one currency, and what became of it.

    ``account`` is None in the preview of an account that the import will make.
    """

    account: UUID | None
    identifier: str
    name: str
    kind: str
    currency: str
    rows: int
    sum_minor: int
    first_date: date
    last_date: date
    added: int = 0
    matched: int = 0
    proposed: int = 0
    closing: ClosingCheck | None = None


@dataclass(slots=True)
class ImportSummary:
    """What an import comes to, as it is shown and kept.

    ``error`` has the code and the message of a refusal in the background.
    """

    format: str
    rows: int
    accounts: list[AccountSummary]
    rejected: list[dict[str, object]] = field(default_factory=list)
    rejected_count: int = 0
    warnings: list[dict[str, str]] = field(default_factory=list)
    questions: list[Question] = field(default_factory=list)
    kept: list[UUID] = field(default_factory=list)
    already_imported: bool = False
    error: dict[str, str] | None = None
    new_account: bool = False
    sample: list[dict[str, object]] = field(default_factory=list)
