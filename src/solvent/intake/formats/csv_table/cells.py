"""Cells into values, the same for a single row and for a whole chunk: texts, accounts, currencies."""

import re
from collections.abc import Sequence

from solvent.intake.formats.csv_table.phrases import currency_of
from solvent.intake.formats.csv_table.plan import Plan
from solvent.intake.formats.csv_table.refusals import BadCurrency
from solvent.intake.formats.reading import TEXT_CHARS_MAX, Reading, SourceAccount
from solvent.kernel.currency import UNKNOWN_CODE

IDENTIFIER_CHARS_MAX = 100
ACCOUNTS_MAX = 10_000
"""Most accounts of one file; rows of further ones go to the last."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u2028\u2029]+")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")


def clean(text: str) -> str:
    """Return a text without control characters and blanks around it, cut to what is kept."""
    return _UNSEEN.sub(" ", text).strip()[:TEXT_CHARS_MAX].rstrip()


def clean_column(cells: Sequence[str]) -> Sequence[str]:
    """Return the clean texts of a column; the column itself where all are clean already."""
    joined = "\0".join(cells)
    if joined.replace("\0", "").isprintable() and max(map(len, cells)) <= TEXT_CHARS_MAX:
        padded = " \0" in joined or "\0 " in joined or joined[:1] == " " or joined[-1:] == " "
        return [cell.strip() for cell in cells] if padded else cells
    return [clean(cell) for cell in cells]


def party_and_note(payee: str, description: str, memos: Sequence[str]) -> tuple[str, str]:
    """Return payee and memo: the description stands in for a payee that is not named."""
    if payee and description and description != payee:
        memos = (description, *memos)
    note = " ".join(filter(None, memos)) if len(memos) != 1 else memos[0]
    return payee or description, note[:TEXT_CHARS_MAX]


def identifier(text: str) -> str:
    """Return what recognises an account: its cell without quotation marks, an IBAN without blanks."""
    bare = clean(text).strip("'\"=").strip()[:IDENTIFIER_CHARS_MAX]
    tight = bare.replace(" ", "").upper()
    return tight if _IBAN.fullmatch(tight) else bare


class Accounts:
    """The accounts of a file, numbered as they appear."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        """Start with none; they are added to ``reading``."""
        self._reading = reading
        self._kind = "liability" if plan.is_liability else "asset"
        self._known: dict[str, int] = {}

    def number(self, text: str, currency: str) -> int:
        """Return the number of the account that a cell names, a new one where it is not known."""
        known = self._known.get(text)
        if known is not None:
            return known
        name = identifier(text)
        numbers = {account.identifier: n for n, account in enumerate(self._reading.accounts)}
        number = numbers.get(name, min(len(numbers), ACCOUNTS_MAX - 1))
        if number == len(self._reading.accounts):
            self._reading.accounts.append(SourceAccount(name, currency, kind=self._kind))
        if len(self._known) < ACCOUNTS_MAX:
            self._known[text] = number
        return number


def currency_in(cell: str, otherwise: str) -> str:
    """Return the ISO 4217 code that a cell names, ``otherwise`` where it names none clearly.

    Raise :class:`BadCurrency` where it names something else.
    """
    bare = cell.strip()
    if not bare:
        return otherwise
    code = currency_of(bare)
    if code is None:
        if bare.upper() == UNKNOWN_CODE:
            return UNKNOWN_CODE
        raise BadCurrency(bare)
    return code or otherwise
