"""Personal access tokens, what they allow and for how long, and the ways of being refused."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final
from uuid import UUID

from solvent.kernel.errors import Refusal

TOKEN_NAME_CHARS_MAX = 100
TOKENS_PER_PERSON_MAX = 50
LIFETIME_DAYS: Final = 90
LIFETIME_DAYS_MAX: Final = 365


class TokenScope(StrEnum):
    """What a token lets a program do, within what its person may do; none includes another."""

    BOOKS_READ = "books:read"
    """Accounts, transactions, balances, reports, changes, imports."""
    BOOKS_WRITE = "books:write"
    """Add and change accounts, transactions and payees."""
    IMPORTS_WRITE = "imports:write"
    """Import files, commit, undo and redo imports."""
    HOUSEHOLD_ADMIN = "household:admin"
    """Name the household, invite and remove members, change what they may see."""


ANY_TOKEN: Final = frozenset(TokenScope)
"""Whatever a token is for, it is let in."""
USUAL_SCOPES: Final = (TokenScope.BOOKS_READ,)
"""What a token is for unless told."""


class BadTokenName(Refusal):
    """The name is empty, too long, or holds control characters."""

    code = "identity.bad_token_name"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"A token's name has 1 to {TOKEN_NAME_CHARS_MAX} characters on one line; name the "
            "program that will use it.",
            field="name",
        )


class BadTokenScopes(Refusal):
    """There is no scope, or one that does not exist."""

    code = "identity.bad_token_scopes"

    def __init__(self) -> None:
        """Name those there are."""
        super().__init__(f"Choose at least one scope of {', '.join(TokenScope)}.", field="scopes")


class BadTokenLifetime(Refusal):
    """The token would last for too long, or not at all."""

    code = "identity.bad_token_lifetime"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"A token lasts for 1 to {LIFETIME_DAYS_MAX} days.", field="expires_in_days"
        )


class TooManyTokens(Refusal):
    """The person has as many tokens as anyone may have."""

    code = "identity.too_many_tokens"

    def __init__(self) -> None:
        """Say the limit and what to do."""
        super().__init__(
            f"You have {TOKENS_PER_PERSON_MAX} access tokens, which is the most. Revoke one first."
        )


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token to be made; the constructor is the check."""

    name: str
    scopes: Sequence[str] = USUAL_SCOPES
    household: UUID | None = None
    days: int = LIFETIME_DAYS

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", _checked_name(self.name))
        known = [scope for scope in TokenScope if scope in self.scopes]
        if not known or len(known) != len(set(self.scopes)):
            raise BadTokenScopes
        object.__setattr__(self, "scopes", tuple(known))
        if not 1 <= self.days <= LIFETIME_DAYS_MAX:
            raise BadTokenLifetime


@dataclass(frozen=True, slots=True)
class Token:
    """A token as its person sees it, without its secret."""

    id: UUID
    name: str
    scopes: list[str]
    household: UUID | None
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class MadeToken(Token):
    """A token at the one time that its secret is shown."""

    token: str


def _checked_name(text: str) -> str:
    name = unicodedata.normalize("NFC", text).strip()
    odd = any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in name)
    if odd or not 0 < len(name) <= TOKEN_NAME_CHARS_MAX:
        raise BadTokenName
    return name
