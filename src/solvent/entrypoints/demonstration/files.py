"""The way in: the demonstration household's bank files, and what its payees are for."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypeAlias

from solvent.entrypoints.demonstration.accounts import TERMS, Account, Terms
from solvent.entrypoints.demonstration.bills import CONTRACTS, WAGES
from solvent.entrypoints.demonstration.csv_file import english_csv_file, german_csv_file
from solvent.entrypoints.demonstration.life import Life, Movement
from solvent.entrypoints.demonstration.ofx_file import ofx_file
from solvent.entrypoints.demonstration.shops import HABITS
from solvent.entrypoints.demonstration.trips import TRIPS

SEED = 20
"""The household that everyone sees unless told otherwise."""
YEARS = 3

_Writer: TypeAlias = Callable[[Terms, list[Movement]], bytes]


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file as a bank sends it, and what must be known of its account before its first row.

    ``kind`` is ``asset`` or ``liability``; ``opening_balance_minor`` is the owner's (a card's debt
    is negative) at the beginning of ``opened_on``. ``identifier`` is what readers find in the file.
    """

    name: str
    account_name: str
    kind: str
    currency: str
    identifier: str
    content: bytes
    opening_balance_minor: int
    opened_on: date


def bank_files(*, until: date, seed: int = SEED, years: int = YEARS) -> list[BankFile]:
    """Return the six accounts' files up to ``until``, from ``years`` whole years before its year.

    Equal arguments give equal bytes. Within a year a later ``until`` only appends rows; with the
    new year the oldest year falls away.
    """
    start = date(until.year - years, 1, 1)
    booked = Life(start=start, seed=seed).until(until)
    return [_bank_file(account, booked[account], start=start, until=until) for account in Account]


def categories_by_payee() -> dict[str, str]:
    """Return the category of each payee, as ``Food:Groceries``; incomes begin with ``Income``.

    Payees are named as their descriptions clean up; moves between own accounts have none.
    """
    from_trips = (habit for trip in TRIPS for habit in trip.habits)
    known = {entry.payee: entry.category for entry in (*HABITS, *from_trips)}
    known |= {bill.payee: bill.category for bill in (*WAGES, *CONTRACTS)}
    return known | {"Zinsen": "Income:Interest"}


def _bank_file(account: Account, rows: list[Movement], *, start: date, until: date) -> BankFile:
    """Write one account's file, in its bank's format."""
    terms = TERMS[account]
    sgml: _Writer = partial(ofx_file, start=start, until=until, xml=False)
    xml: _Writer = partial(ofx_file, start=start, until=until, xml=True)
    writers: dict[Account, tuple[str, _Writer]] = {
        Account.JOINT: ("csv", german_csv_file),
        Account.BEN: ("csv", german_csv_file),
        Account.SAVINGS: ("ofx", sgml),
        Account.CARD: ("ofx", sgml),
        Account.DOLLARS: ("csv", english_csv_file),
        Account.DOLLAR_CARD: ("qfx", xml),
    }
    ending, write = writers[account]
    return BankFile(
        name=f"{account.value}.{ending}",
        account_name=terms.name,
        kind=terms.kind,
        currency=terms.currency,
        identifier=terms.identifier,
        content=write(terms, rows),
        opening_balance_minor=terms.opening_balance_minor,
        opened_on=start,
    )
