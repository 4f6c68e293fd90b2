"""What a reader of bank files takes and gives.

A reader is handed a seekable binary file and a :class:`Reading` to fill. It yields rows in batches,
so that a file of a million rows never stands in memory whole; everything that is said once (the
accounts, closing balances, refused rows, warnings, questions) it adds to the reading as it goes.
Rows are tuples in the order of the staging table, so that they go to the database as they are.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import BinaryIO, ClassVar, NamedTuple, Protocol

from solvent.kernel.errors import Refusal

FILE_BYTES_MAX = 100 * 1024 * 1024
"""Largest file read: 100 MiB, about 1.3 million rows of CSV."""
ROWS_MAX = 1_500_000
"""Most rows of one file."""
BATCH_ROWS = 5_000
"""Rows yielded at a time."""
TEXT_CHARS_MAX = 640
"""Longest payee or memo kept; the rest is cut (the file itself is kept whole). At four bytes each it
is about what one entry of an index holds."""
REJECTED_MAX = 1_000
"""Most refused rows listed one by one; beyond that only counted."""

BOOKED = "booked"
PENDING = "pending"


class SourceRow(NamedTuple):
    """One transaction as a bank states it, from the account's point of view.

    ``amount_minor`` is positive for money in. ``currency`` is ISO 4217, ``XXX`` where the file
    names none. ``external_id`` is the bank's own id, or empty. Dates are as written: no time zone
    ever shifts them. ``line`` is where it stands: a line for text, else a record's number; from 1.
    """

    account: int
    line: int
    booked_on: date
    amount_minor: int
    currency: str
    payee: str
    memo: str
    external_id: str
    state: str


@dataclass(frozen=True, slots=True)
class SourceAccount:
    """An account that a file speaks of; ``identifier`` is empty where the file names none.

    ``identifier`` is what recognises the account next time: an IBAN, or bank/branch/number joined
    by ``/``. ``kind`` is ``asset`` or ``liability`` (a card, a loan).
    """

    identifier: str
    currency: str
    name: str = ""
    kind: str = "asset"


@dataclass(frozen=True, slots=True)
class ClosingBalance:
    """What the bank says an account held at the end of ``on`` (None: the file does not date it)."""

    account: int
    amount_minor: int
    currency: str
    on: date | None


@dataclass(frozen=True, slots=True)
class Rejected:
    """A row that was not taken, with the reason as a sentence."""

    line: int
    code: str
    reason: str


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that a person should know about the file as a whole."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One possible answer to a question: the mapping entries that it stands for."""

    label: str
    mapping: dict[str, object]


@dataclass(frozen=True, slots=True)
class Question:
    """Something that only a person can know; the file is not read until it is answered."""

    code: str
    message: str
    choices: tuple[Choice, ...]


@dataclass(slots=True)
class Reading:
    """What has been read so far, apart from the rows."""

    format: str = ""
    accounts: list[SourceAccount] = field(default_factory=list)
    closings: list[ClosingBalance] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    rejected_count: int = 0
    warnings: list[Warned] = field(default_factory=list)
    mapping: dict[str, object] = field(default_factory=dict)
    rounded_off: dict[str, Decimal] = field(default_factory=dict)
    """By currency, in whole units: the sum the file states less the sum of the rows, where amounts
    were finer than the minor unit. The file's exact sum is the rows' plus this."""

    def reject(self, line: int, code: str, reason: str) -> None:
        """Count a refused row, and list it while there are not too many."""
        self.rejected_count += 1
        if len(self.rejected) < REJECTED_MAX:
            self.rejected.append(Rejected(line, code, reason))

    def warn(self, code: str, message: str) -> None:
        """Add a warning, once for each code and message."""
        warning = Warned(code, message)
        if warning not in self.warnings:
            self.warnings.append(warning)


class UnreadableFile(Refusal):
    """The file cannot be read at all; ``code`` is one of the subclasses'."""

    code: ClassVar[str] = "intake.unreadable"


class NeedsAnswer(Refusal):
    """The file can be read once a person has answered; what was found so far is in ``mapping``."""

    code = "intake.needs_answer"

    def __init__(self, questions: tuple[Question, ...], mapping: dict[str, object]) -> None:
        """Carry the questions, never empty, and what was found out without them."""
        self.questions = questions
        self.mapping = mapping
        super().__init__(" ".join(question.message for question in questions))


class Reader(Protocol):
    """One format. Instances hold no state; one serves every file."""

    format: str
    """The format's name in answers: ``ofx``, ``csv``…"""

    def recognises(self, head: bytes, name: str) -> bool:
        """Say whether the first 64 KiB look like this format; ``name`` is the file's, as a hint."""
        ...

    def read(
        self, file: BinaryIO, reading: Reading, told: dict[str, object] | None = None
    ) -> Iterator[list[SourceRow]]:
        """Yield the rows in batches and fill ``reading``.

        ``told`` is a mapping as a profile or a person gives it. Raise :class:`UnreadableFile` or
        :class:`NeedsAnswer`; a row that cannot be taken is rejected, and reading goes on.
        """
        ...
