"""The scope of a work: who is asking, in which household, how far they may go, and what proves it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

import msgspec

from solvent.kernel.access import NO_ACCESS, PLAIN, Access, Level, Role
from solvent.kernel.errors import NotFound, Refusal
from solvent.runtime.permit import Permit, TokenMayNot


class NotLoggedIn(Refusal):
    """Nobody is logged in: the credential is missing, ended or expired."""

    code = "identity.not_logged_in"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("You are not logged in, or your session has ended. Please log in again.")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request presents.

    The id of an API session, the digest of a page's cookie, or that of a personal access token.
    """

    session: UUID | None = None
    token_digest: bytes | None = None
    personal_digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is asking, and in which household; ``person`` is None for the machine itself.

    ``access`` says what they may do with its accounts. ``proved_at`` is when the
    person of the session last showed that it is them; ``multi_factor`` tells whether they have shown
    two factors in it. ``token`` is the personal access token that asks for the person, ``allowed`` its
    scopes (None: everything), and ``only_household`` the one that it is for; whether a use of it ought
    to be noted is ``use_is_due``.
    """

    person: UUID | None
    session: UUID | None
    household: UUID | None
    role: str
    seq: int
    base_currency: str
    time_zone: str
    locale: str
    access: Access = NO_ACCESS
    proved_at: datetime | None = None
    multi_factor: bool = False
    token: UUID | None = None
    allowed: frozenset[str] | None = None
    only_household: UUID | None = None
    use_is_due: bool = False

    @property
    def sender(self) -> UUID | None:
        """Whose requests these are where they are counted or remembered: the token's, or the person's."""
        return self.token or self.person


NOBODY: Final = Scope(None, None, None, "", 0, "", "UTC", "en")


def access_of(role: str | None, others: int | None, granted: str | None) -> Access:
    """Return what a membership comes to, or no access without one."""
    if role is None:
        return NO_ACCESS
    if others is None and granted is None:
        return PLAIN[Role(role)]
    grants = _decode_grants(granted) if granted else {}
    return Access.of(Role(role), None if others is None else Level(others), grants)


_decode_grants = msgspec.json.Decoder(dict[UUID, Level]).decode


def check_member(scope: Scope) -> None:
    """Refuse a household that the person is no member of: it looks as if it were not there."""
    if scope.household is not None and not scope.role:
        raise NotFound("household")


def check_token(scope: Scope, permit: Permit) -> None:
    """Refuse a personal access token that has no scope of ``permit``."""
    if scope.allowed is not None and scope.allowed.isdisjoint(permit):
        raise TokenMayNot(permit)
