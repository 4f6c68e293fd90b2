"""Answer an invitation: look at what a link offers, accept it, or decline."""

from collections.abc import Callable
from uuid import UUID

from solvent.households.domain import (
    InvitationForAnother,
    InvitationGone,
    Invited,
    MemberAlready,
    TooManyMembers,
)
from solvent.households.operations.invite_member import read_token
from solvent.households.store import invitations
from solvent.kernel.errors import NotFound, Refusal
from solvent.runtime.work import Work

REFUSALS: dict[str, Callable[[], Refusal]] = {
    "gone": InvitationGone,
    "other_address": InvitationForAnother,
    "member": MemberAlready,
    "full": TooManyMembers,
}


async def show_invitation(work: Work, *, token: str) -> Invited:
    """Return what a link offers; refuse one that leads nowhere any more."""
    household, digest = _read(token)
    found = await invitations.invitation_behind(work, household, digest)
    if found is None:
        raise InvitationGone
    return found


async def answer_invitation(work: Work, *, token: str, accept: bool) -> UUID:
    """Accept or decline for the person of ``work``, once; return the household."""
    household, digest = _read(token)
    found = await invitations.invitation_behind(work, household, digest)
    if found is None:
        raise InvitationGone
    person = work.person
    now = work.clock.now()
    outcome = await invitations.answer_invitation(work, household, digest, now, accept=accept)
    if outcome in REFUSALS:
        refusal = REFUSALS[outcome]()
        raise refusal
    if accept:
        await work.enter_as_member(household, person=person)
        await work.journal.note("member.joined", subject=person, after={"role": found.role})
    else:
        await work.stand_outside(household)
        await work.journal.note("invitation.declined", subject=found.id)
    return household


def _read(token: str) -> tuple[UUID, bytes]:
    try:
        return read_token(token)
    except NotFound as bad:
        raise InvitationGone from bad
