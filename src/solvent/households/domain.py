"""Households, what they are called and count in, and the ways of being refused."""

import unicodedata
from dataclasses import dataclass
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from solvent.identity.domain import Person
from solvent.kernel.currency import UNKNOWN_CODE, Currency, UnknownCurrency
from solvent.kernel.errors import Refusal

HOUSEHOLD_NAME_CHARS_MAX = 200
OWNER = "owner"


class BadHouseholdName(Refusal):
    """The name is empty, too long, or holds control characters."""

    code = "households.bad_name"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"A household's name has 1 to {HOUSEHOLD_NAME_CHARS_MAX} characters on one line.",
            field="name",
        )


class UnknownTimeZone(Refusal):
    """The text names no time zone."""

    code = "households.unknown_time_zone"

    def __init__(self) -> None:
        """Say what one looks like."""
        super().__init__(
            "This is no time zone; use a name such as Europe/Berlin.", field="time_zone"
        )


def checked_household_name(text: str) -> str:
    """Return a household's name, stripped; raise :class:`BadHouseholdName` for what is none."""
    name = unicodedata.normalize("NFC", text).strip()
    odd = any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in name)
    if odd or not 0 < len(name) <= HOUSEHOLD_NAME_CHARS_MAX:
        raise BadHouseholdName
    return name


@dataclass(frozen=True, slots=True)
class NewHousehold:
    """A household to be made; the constructor is the check."""

    name: str
    base_currency: str
    time_zone: str = "UTC"

    def __post_init__(self) -> None:
        name = checked_household_name(self.name)
        if Currency.of(self.base_currency).code == UNKNOWN_CODE:
            raise UnknownCurrency(self.base_currency)
        if self.time_zone not in _time_zones():
            raise UnknownTimeZone
        object.__setattr__(self, "name", name)


@dataclass(frozen=True, slots=True)
class Household:
    """A household as one of its members sees it."""

    id: UUID
    name: str
    role: str
    base_currency: str


@dataclass(frozen=True, slots=True)
class ListedHousehold:
    """A household as the operator of the installation sees it."""

    id: UUID
    name: str
    base_currency: str
    members: int
    seq: int


@dataclass(frozen=True, slots=True)
class SignedUp:
    """A new person and their first household."""

    person: Person
    household: Household


@cache
def _time_zones() -> frozenset[str]:
    return frozenset(available_timezones())
