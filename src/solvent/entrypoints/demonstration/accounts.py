"""The six accounts of the demonstration household, in two currencies."""

from dataclasses import dataclass
from enum import Enum


class Account(Enum):
    """One of the six; everything else refers to them by these names."""

    JOINT = "joint"
    BEN = "ben"
    SAVINGS = "savings"
    CARD = "card"
    DOLLARS = "dollars"
    DOLLAR_CARD = "dollar-card"


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bank knows of an account.

    ``kind`` is ``asset`` or ``liability``; amounts are the owner's, so a card's debt is negative.
    ``number`` and ``bank`` are written in files; ``identifier`` is how a file's account is known.
    """

    name: str
    kind: str
    currency: str
    bank: str
    number: str
    identifier: str
    opening_balance_minor: int


TERMS: dict[Account, Terms] = {
    Account.JOINT: Terms(
        "Joint current account",
        "asset",
        "EUR",
        "99900010",
        "DE39999000104711002001",
        "DE39999000104711002001",
        484_219,
    ),
    Account.BEN: Terms(
        "Ben's current account",
        "asset",
        "EUR",
        "99900020",
        "DE85999000200815330042",
        "DE85999000200815330042",
        161_240,
    ),
    Account.SAVINGS: Terms(
        "Savings", "asset", "EUR", "99900010", "4711002200", "99900010/4711002200", 942_000
    ),
    Account.CARD: Terms(
        "Credit card", "liability", "EUR", "", "990000770077", "990000770077", -41_836
    ),
    Account.DOLLARS: Terms(
        "Dollar account", "asset", "USD", "999000333", "880204411", "880204411", 310_055
    ),
    Account.DOLLAR_CARD: Terms(
        "Dollar card", "liability", "USD", "", "990000444410", "990000444410", -8_420
    ),
}
