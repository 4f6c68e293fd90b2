"""Identities that a provider outside vouches for, and the ways of being refused."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from solvent.kernel.errors import Refusal

QUESTION_LIFETIME: Final = timedelta(minutes=10)
"""For how long somebody may take at the provider."""
SUBJECT_CHARS_MAX: Final = 255
LINKED_MAX: Final = 10


class OpenIdRefused(Refusal):
    """What came back from the provider cannot be trusted, or the provider said no."""

    code = "identity.openid_refused"

    def __init__(self, reason: str) -> None:
        """Name the ``reason`` for whoever runs the installation."""
        super().__init__(
            f"The log-in from outside did not work ({reason}); nothing was changed. Start again, and "
            "if it stays so, tell whoever runs this Solvent.",
            reason=reason,
        )


class OpenIdUnavailable(Refusal):
    """The provider does not answer, or not as one."""

    code = "identity.openid_unavailable"

    def __init__(self) -> None:
        """Say that there is another way."""
        super().__init__(
            "The other side of this log-in does not answer. Try again in a moment, or log in with "
            "your password."
        )


class IdentityTaken(Refusal):
    """The identity is linked to somebody else."""

    code = "identity.openid_taken"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This outside account is linked to another person here. Log in as them and unlink it first."
        )


class TooManyLinks(Refusal):
    """The person has as many identities linked as anyone may have."""

    code = "identity.too_many_links"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"You have {LINKED_MAX} linked accounts, the most there may be. Unlink one."
        )


@dataclass(frozen=True, slots=True)
class Identity:
    """Somebody as the provider knows them; ``email`` only where the provider says it is theirs."""

    issuer: str
    subject: str
    email: str | None = None
    name: str = ""
    is_multi_factor: bool = False


@dataclass(frozen=True, slots=True)
class LinkedIdentity:
    """An identity that a person has linked."""

    id: UUID
    issuer: str
    email: str | None
    linked_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody is sent to the provider for: to log in, or to link to the ``session`` they are in."""

    following: str
    session: UUID | None


@dataclass(frozen=True, slots=True)
class Returned:
    """Somebody back from the provider: who they are there, and what they went for."""

    identity: Identity
    question: Question
