"""Cells into values, for a single row and a whole chunk alike: texts, accounts, currencies."""

import re
from collections.abc import Sequence

from solvent.intake.formats.csv_table.phrases import currency_of
from solvent.intake.formats.csv_table.plan import Plan
from solvent.intake.formats.csv_table.refusals import BadCurrency, FileTooLarge
from solvent.intake.formats.reading import TEXT_CHARS_MAX, Reading, SourceAccount
from solvent.kernel.currency import UNKNOWN_CODE

IDENTIFIER_CHARS_MAX = 100
ACCOUNTS_MAX = 1_000
"""Most accounts of one file; a column with more is no account's."""
CELLS_KEPT = 5_000
"""Different account cells whose number is kept."""
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u00a0\u2028\u2029]+")
_IBAN_WITHIN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]){10,30}\b")
_IBAN = re.compile(r"[A-Z]{2}\d{2}[A-Z0-9]{8,30}")


def clean(text: str) -> str:
    """Return a text without control characters and blanks around it, cut to what is kept."""
    return _UNSEEN.sub(" ", text).strip()[:TEXT_CHARS_MAX].rstrip()


def clean_column(cells: Sequence[str]) -> Sequence[str]:
    """Return the clean texts of a column; the column itself where all are clean already."""
    joined = "\0".join(cells)
    bare = joined.replace("\0", "")
    separate = len(joined) - len(bare) == len(cells) - 1
    if separate and bare.isprintable() and max(map(len, cells)) <= TEXT_CHARS_MAX:
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
    """Return what recognises an account: its cell without marks, an IBAN without blanks."""
    bare = clean(text).strip("'\"=").strip()[:IDENTIFIER_CHARS_MAX]
    tight = bare.replace(" ", "").upper()
    return tight if _IBAN.fullmatch(tight) else bare


class Accounts:
    """The accounts of a file, numbered as they appear."""

    def __init__(self, plan: Plan, reading: Reading) -> None:
        """Start with none; they are added to ``reading``."""
        self._accounts = reading.accounts
        self._kind = "liability" if plan.is_liability else "asset"
        self._otherwise = plan.account
        self._by_cell: dict[str, int] = {}
        self._by_name: dict[str, int] = {}

    def number(self, cell: str, currency: str) -> int:
        """Return the number of the account that ``cell`` names, a new one where it is not known.

        Raise :class:`FileTooLarge` where there are more than any household has.
        """
        known = self._by_cell.get(cell)
        if known is not None:
            return known
        name = identifier(cell) or self._otherwise
        number = self._by_name.setdefault(name, len(self._accounts))
        if number == len(self._accounts):
            if number >= ACCOUNTS_MAX:
                raise FileTooLarge("accounts", ACCOUNTS_MAX)
            self._accounts.append(SourceAccount(name, currency, kind=self._kind))
        if len(self._by_cell) < CELLS_KEPT:
            self._by_cell[cell] = number
        return number


def said_iban(text: str) -> str:
    """Return the one valid IBAN within ``text``, empty where there is none or are several."""
    found = {match[0].replace(" ", "") for match in _IBAN_WITHIN.finditer(text)}
    valid = {iban for iban in found if _IBAN.fullmatch(iban) and _proves(iban)}
    return valid.pop() if len(valid) == 1 else ""


def _proves(iban: str) -> bool:
    """Say whether the check digits are right (ISO 7064, modulo 97)."""
    turned = iban[4:] + iban[:4]
    return int("".join(str(int(c, 36)) for c in turned)) % 97 == 1


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
