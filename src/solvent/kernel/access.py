"""What a member may do in a household: a level for each account, which follows from role and grants.

A role says the level of every account; a grant says another one for a single account, and ``others``
for all accounts without a grant of their own, those still to be opened among them. The owner's level
is always the highest: nobody can be shut out of what is theirs.

This table and its meaning are documented in docs/reference/access.md; the database holds to the same
(``level_of_role`` and the policies of row-level security).
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum
from typing import Final
from uuid import UUID

DIGEST_BYTES = 12


class Level(IntEnum):
    """How far a member may go with one account; each level includes those below it."""

    NOTHING = 0
    BALANCE = 1
    READ = 2
    ANNOTATE = 3
    EDIT = 4


class Role(StrEnum):
    """What somebody is in a household."""

    OWNER = "owner"
    EDITOR = "editor"
    VIEWER = "viewer"
    ADVISER = "adviser"

    @property
    def level(self) -> Level:
        """The level of every account, where nothing else is said."""
        return LEVEL_OF_ROLE[self]


LEVEL_OF_ROLE: Final[Mapping[Role, Level]] = {
    Role.OWNER: Level.EDIT,
    Role.EDITOR: Level.EDIT,
    Role.VIEWER: Level.READ,
    Role.ADVISER: Level.ANNOTATE,
}


@dataclass(frozen=True, slots=True)
class Access:
    """What one member may do: the level of each account that has one of its own, and of the others.

    Where the others have another level than the role says, ``grants`` names every account that holds
    money. So an account that it does not name is a category, or is at the level of the role.
    """

    role: str = ""
    others: Level = Level.NOTHING
    grants: Mapping[UUID, Level] = field(default_factory=dict[UUID, Level])

    @classmethod
    def of(cls, role: Role, others: Level | None, grants: Mapping[UUID, Level]) -> "Access":
        """Return what a ``role`` comes to with its grants; an owner's are never narrowed."""
        if role is Role.OWNER or (others is None and not grants):
            return PLAIN[role]
        return cls(role.value, role.level if others is None else others, grants)

    @property
    def lowest(self) -> Level:
        """The least that there is for any account."""
        return min(self.others, *self.grants.values()) if self.grants else self.others

    @property
    def highest(self) -> Level:
        """The most that there is for any account."""
        return max(self.others, *self.grants.values()) if self.grants else self.others

    @property
    def reads_all(self) -> bool:
        """Whether there is no account that may not be read."""
        return self.lowest >= Level.READ

    def level(self, account: UUID) -> Level:
        """Return how far one may go with ``account``, which holds money."""
        return self.grants.get(account, self.others)

    def sees(self, account: UUID) -> bool:
        """Tell whether ``account`` shows at all, by its balance at least; a category always does."""
        return self.grants.get(account, Level.READ) >= Level.BALANCE

    def reads(self, accounts: Iterable[UUID]) -> bool:
        """Tell whether all of ``accounts`` that hold money may be read; categories are passed over."""
        return all(self.grants.get(account, Level.READ) >= Level.READ for account in accounts)

    @property
    def digest(self) -> str:
        """A word that is the same for the same access only; it goes into versions of answers."""
        if not self.grants:
            return f"{self.role}{self.others:d}"
        said = ",".join(f"{account}{level:d}" for account, level in sorted(self.grants.items()))
        hashed = hashlib.blake2b(said.encode(), digest_size=DIGEST_BYTES).hexdigest()
        return f"{self.role}{self.others:d}{hashed}"


NO_ACCESS: Final = Access()
PLAIN: Final[Mapping[Role, Access]] = {
    role: Access(role.value, level) for role, level in LEVEL_OF_ROLE.items()
}
"""What each role comes to without grants."""
