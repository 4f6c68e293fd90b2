"""Invite somebody to a household, by a link that works once."""

import base64
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from solvent.households.domain import (
    INVITATION_DAYS,
    INVITATIONS_OPEN_MAX,
    MEMBERS_MAX,
    Grants,
    Invitation,
    TooManyMembers,
)
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.households import Households
from solvent.households.store.invitations import Invitations
from solvent.households.store.members import Members
from solvent.identity.domain import normal_email
from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.operations.read_person import read_person
from solvent.identity.operations.require_verified import require_verified
from solvent.kernel.access import Role
from solvent.kernel.errors import BadValue, NotFound
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.ids import new_id, new_token
from solvent.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Sent:
    """An invitation that has just been made; its ``token`` is shown this once and kept nowhere."""

    invitation: Invitation
    token: str


async def invite_member(
    work: Work,
    *,
    role: Role,
    email: str | None = None,
    grants: Grants | None = None,
    letters: Letters | None = None,
) -> Sent:
    """Make an invitation; with an ``email``, for whoever has registered with that address only.

    With ``letters`` the link goes to that address as well; that waits until the one who invites has
    verified their own, since else anybody could have us write to anybody.
    """
    require_owner(work, proof=False)
    if email and letters is not None:
        await require_verified(work)
    if role is Role.OWNER:
        raise BadValue("Invite somebody as a member, and hand over afterwards.", field="role")
    given = grants or Grants()
    await work.journal.hold()
    members, invitations = Members(work), Invitations(work)
    await members.check_accounts(list(given.accounts))
    many = len(await members.all()) >= MEMBERS_MAX
    if many or len(await invitations.open()) >= INVITATIONS_OPEN_MAX:
        raise TooManyMembers
    now = work.clock.now()
    invitation = Invitation(
        new_id(),
        None if not email else normal_email(email),
        role.value,
        now,
        now + timedelta(days=INVITATION_DAYS),
    )
    secret = new_token()
    await work.journal.note(
        "invitation.made",
        subject=invitation.id,
        after={"role": role} | given.facts(),
        visibility=list(given.accounts),
    )
    await invitations.add(invitation, token_digest(secret), given)
    sent = Sent(invitation, f"{_short(work.household)}.{secret}")
    if letters is not None:
        await _write(work, letters, sent)
    return sent


async def _write(work: Work, letters: Letters, sent: Sent) -> None:
    """Have the link sent to whom it is for, in the language of the person who invites."""
    if sent.invitation.email is None:
        return
    inviter = await read_person(work)
    mine = await Households(work).mine()
    household = next(each.name for each in mine if each.id == work.household)
    letter = Letter(
        kind=LetterKind.INVITATION,
        to=sent.invitation.email,
        locale=inviter.locale,
        path=f"/join?token={sent.token}",
        facts={"inviter": inviter.name, "household": household},
    )
    await letters.send(work, letter)


def read_token(token: str) -> tuple[UUID, bytes]:
    """Return the household and the digest that the token of a link stands for."""
    place, _, secret = token.partition(".")
    try:
        return UUID(bytes=base64.urlsafe_b64decode(f"{place}==")), token_digest(secret)
    except ValueError as bad:
        raise NotFound("invitation") from bad


def _short(household: UUID) -> str:
    return base64.urlsafe_b64encode(household.bytes).decode().rstrip("=")
