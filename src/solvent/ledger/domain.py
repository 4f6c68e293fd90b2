"""Accounts, postings and transactions as values: what cannot be cannot be built.

Amounts are signed from the account's side: money that comes in is positive, a debt is negative. A
transaction's postings carry a weight in the transaction's own currency, and the weights sum to zero;
for a posting in that currency the weight is the amount.
"""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from solvent.kernel.currency import Currency
from solvent.kernel.errors import Refusal
from solvent.kernel.money import AMOUNT_MINOR_MAX, AmountOutOfRange, Money, convert

POSTINGS_PER_TRANSACTION_MAX = 500
POSTINGS_PER_TRANSACTION_MIN = 2
TAGS_PER_TRANSACTION_MAX = 50
MEMO_CHARS_MAX = 1_000
NAME_CHARS_MAX = 200
IDENTIFIER_CHARS_MAX = 200
"""What is kept of what a bank calls an account: the end, where banks write the number."""
PAGE_ROWS_MAX = 1_000
"""Most rows of one page of a list."""
EURO = "EUR"
DAY_MIN = date(1900, 1, 1)
DAY_MAX = date(2999, 12, 31)


class AccountKind(StrEnum):
    """The five kinds of accounts of double-entry books."""

    ASSET = "asset"
    LIABILITY = "liability"
    INCOME = "income"
    EXPENSE = "expense"
    EQUITY = "equity"

    @property
    def is_category(self) -> bool:
        """Whether people call it a category."""
        return self in {AccountKind.INCOME, AccountKind.EXPENSE}

    @property
    def holds_money(self) -> bool:
        """Whether it has a balance at a bank, in one currency."""
        return self in {AccountKind.ASSET, AccountKind.LIABILITY}


class AccountRole(StrEnum):
    """What the system itself uses an account for; each household has one of each."""

    UNCATEGORISED_EXPENSE = "uncategorised_expense"
    UNCATEGORISED_INCOME = "uncategorised_income"
    OPENING = "opening"
    TRANSFERS = "transfers"
    EXCHANGE = "exchange"


class TransactionState(StrEnum):
    """How certain a transaction is."""

    PENDING = "pending"
    BOOKED = "booked"
    RECONCILED = "reconciled"


class AccountNameTaken(Refusal):
    """An account of that kind and name stands at the same place already."""

    code = "ledger.account_name_taken"

    def __init__(self, name: str) -> None:
        """Name it."""
        super().__init__(f"There is an account called “{name}” there already; choose another name.")


class TransactionNotBalanced(Refusal):
    """The postings of a transaction do not sum to zero."""

    code = "ledger.transaction_not_balanced"

    def __init__(self, *, off_by_minor: int) -> None:
        """Say by how many minor units of the transaction's currency."""
        self.off_by_minor = off_by_minor
        super().__init__(
            f"The postings do not sum to zero: they are off by {off_by_minor} minor units. "
            "Change one of them, or add one for the difference."
        )


class PostingsOutOfRange(Refusal):
    """A transaction has too few or too many postings."""

    code = "ledger.postings_out_of_range"

    def __init__(self) -> None:
        """Say the limits."""
        super().__init__(
            f"A transaction has {POSTINGS_PER_TRANSACTION_MIN} to "
            f"{POSTINGS_PER_TRANSACTION_MAX} postings."
        )


class WeightMissing(Refusal):
    """A transaction in several currencies leaves more than one value open."""

    code = "ledger.weight_missing"

    def __init__(self) -> None:
        """Say what to give."""
        super().__init__(
            "With several currencies, give weight_minor (the value in the currency of the first "
            "posting) for each posting in another currency but one."
        )


class CurrencyNotOfAccount(Refusal):
    """A posting is in another currency than its account."""

    code = "ledger.currency_not_of_account"

    def __init__(self, *, account: str, currency: str) -> None:
        """Name the account and its currency."""
        super().__init__(
            f"{account} is kept in {currency}; post the amount in {currency}.", currency=currency
        )


class DayOutOfRange(Refusal):
    """A date before or after anything that books are kept for."""

    code = "ledger.day_out_of_range"

    def __init__(self) -> None:
        """Say the limits."""
        super().__init__(f"Dates are from {DAY_MIN} to {DAY_MAX}.")


def check_day(day: date) -> None:
    """Refuse a day that books are not kept for."""
    if not DAY_MIN <= day <= DAY_MAX:
        raise DayOutOfRange


@dataclass(frozen=True, slots=True)
class Posting:
    """An amount on one account; ``weight_minor`` is its value in the transaction's currency."""

    account: UUID
    amount_minor: int
    currency: Currency
    weight_minor: int

    def __post_init__(self) -> None:
        if max(abs(self.amount_minor), abs(self.weight_minor)) > AMOUNT_MINOR_MAX:
            raise AmountOutOfRange


@dataclass(frozen=True, slots=True)
class Transaction:
    """A dated, balanced set of postings; ``currency`` is the one that weights are in."""

    booked_on: date
    currency: Currency
    postings: tuple[Posting, ...]

    def __post_init__(self) -> None:
        check_day(self.booked_on)
        count = len(self.postings)
        if not POSTINGS_PER_TRANSACTION_MIN <= count <= POSTINGS_PER_TRANSACTION_MAX:
            raise PostingsOutOfRange
        if off_by := sum(posting.weight_minor for posting in self.postings):
            raise TransactionNotBalanced(off_by_minor=off_by)

    def mirrored(self, *, on: date) -> "Transaction":
        """Return the transaction that takes this one back, dated ``on``."""
        postings = tuple(
            Posting(p.account, -p.amount_minor, p.currency, -p.weight_minor) for p in self.postings
        )
        return Transaction(on, self.currency, postings)


@dataclass(frozen=True, slots=True)
class Leg:
    """A posting as a person states it: the weight may be left open."""

    account: UUID
    amount_minor: int
    currency: Currency
    weight_minor: int | None = None


def weigh(booked_on: date, legs: tuple[Leg, ...]) -> Transaction:
    """Build the transaction that ``legs`` state, weights in the currency of the first.

    One weight may be left open among the legs in other currencies: it is what balances the rest.
    Raise :class:`WeightMissing` when more are open, :class:`TransactionNotBalanced` when it is off.
    """
    if not POSTINGS_PER_TRANSACTION_MIN <= len(legs) <= POSTINGS_PER_TRANSACTION_MAX:
        raise PostingsOutOfRange
    currency = legs[0].currency
    weights = [leg.amount_minor if leg.currency == currency else leg.weight_minor for leg in legs]
    open_places = [place for place, weight in enumerate(weights) if weight is None]
    if len(open_places) > 1:
        raise WeightMissing
    known = sum(weight for weight in weights if weight is not None)
    postings = tuple(
        Posting(leg.account, leg.amount_minor, leg.currency, -known if weight is None else weight)
        for leg, weight in zip(legs, weights, strict=True)
    )
    return Transaction(booked_on, currency, postings)


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account; ``path`` is its name with those above it, joined by a colon."""

    id: UUID
    parent: UUID | None
    name: str
    path: str
    kind: str
    currency: str | None
    role: str | None
    opened_on: date | None
    closed_on: date | None
    version: int


@dataclass(frozen=True, slots=True)
class PayeeRow:
    """One payee; ``category`` is the one that a person last gave to its transactions."""

    id: UUID
    name: str
    category: UUID | None


class BalanceRow(NamedTuple):
    """What one account holds in one currency at the end of a day."""

    account: UUID
    kind: str
    currency: str
    amount_minor: int


class MonthRow(NamedTuple):
    """What one account moved in one currency in one month."""

    account: UUID
    month: date
    currency: str
    amount_minor: int


class MonthsRow(NamedTuple):
    """What one account moved in one currency, in each month in which it moved anything."""

    account: UUID
    currency: str
    months: list[date]
    amounts_minor: list[int]


@dataclass(frozen=True, slots=True)
class RateTable:
    """Rates by currency and day, as units for one euro; a missing one is missing, never 1."""

    per_euro: dict[tuple[str, date], Decimal] = field(default_factory=dict)

    def rate(self, source: str, target: str, on: date) -> Decimal | None:
        """Return units of ``target`` for one ``source`` on a day, or None when it is not known."""
        if source == target:
            return Decimal(1)
        one = Decimal(1) if source == EURO else self.per_euro.get((source, on))
        other = Decimal(1) if target == EURO else self.per_euro.get((target, on))
        return None if one is None or other is None else other / one

    def convert(self, minor: int, source: str, target: str, on: date) -> int | None:
        """Return ``minor`` units of ``source`` in minor units of ``target``, or None."""
        if source == target:
            return minor
        rate = self.rate(source, target, on)
        if rate is None:
            return None
        return convert(Money(minor, Currency.of(source)), rate=rate, to=Currency.of(target)).minor
