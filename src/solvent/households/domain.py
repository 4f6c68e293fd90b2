"""Households, what they are called and count in, and the ways of being refused."""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from uuid import UUID
from zoneinfo import available_timezones

from solvent.identity.domain import Person
from solvent.kernel.access import Level
from solvent.kernel.currency import UNKNOWN_CODE, Currency, UnknownCurrency
from solvent.kernel.errors import Refusal

HOUSEHOLD_NAME_CHARS_MAX = 200
OWNER = "owner"
MEMBERS_MAX = 50
INVITATIONS_OPEN_MAX = 20
INVITATION_DAYS = 7


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


class LastOwner(Refusal):
    """The last owner is to go, or to become something else."""

    code = "households.last_owner"

    def __init__(self) -> None:
        """Say what to do first."""
        super().__init__("A household always has an owner. Hand it over to another member first.")


class InvitationGone(Refusal):
    """The link leads to no invitation that stands: answered, withdrawn, expired, or never made."""

    code = "households.invitation_gone"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This invitation has been used, withdrawn or has expired. Ask for a new link."
        )


class InvitationForAnother(Refusal):
    """The invitation is bound to an address that is not this person's."""

    code = "households.invitation_for_another"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This invitation is for another e-mail address. Log in with the address that it was "
            "sent to, or ask for a link without one."
        )


class MemberAlready(Refusal):
    """The person is a member of the household already."""

    code = "households.member_already"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("You are a member of this household already.")


class TooManyMembers(Refusal):
    """The household has as many members, or open invitations, as it may have."""

    code = "households.too_many_members"

    def __init__(self) -> None:
        """Say the limits."""
        super().__init__(
            f"A household has at most {MEMBERS_MAX} members and {INVITATIONS_OPEN_MAX} open "
            "invitations; remove or withdraw one first."
        )


@dataclass(frozen=True, slots=True)
class Grants:
    """Levels of single accounts, and of all others; None leaves those to the role."""

    others: Level | None = None
    accounts: Mapping[UUID, Level] = field(default_factory=dict[UUID, Level])

    def facts(self) -> dict[str, object]:
        """Write it as the journal keeps it."""
        return {
            "others": None if self.others is None else self.others.name.lower(),
            "accounts": {str(key): level.name.lower() for key, level in self.accounts.items()},
        }


@dataclass(frozen=True, slots=True)
class Member:
    """A member as others of the household see them; ``email`` and ``grants`` are for owners."""

    person: UUID
    name: str
    email: str | None
    role: str
    joined_at: datetime
    grants: Grants


@dataclass(frozen=True, slots=True)
class Invitation:
    """An invitation that stands, as the household's owners see it."""

    id: UUID
    email: str | None
    role: str
    created_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Invited:
    """An invitation as whoever holds its link sees it; ``addressed`` is one for one address only."""

    id: UUID
    household: str
    invited_by: str
    role: str
    addressed: bool
    expires_at: datetime


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
