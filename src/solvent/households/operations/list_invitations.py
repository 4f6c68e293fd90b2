"""List the invitations that stand, and withdraw one."""

from uuid import UUID

from solvent.households.domain import Invitation
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.invitations import Invitations
from solvent.kernel.errors import NotFound
from solvent.runtime.work import Work


async def list_invitations(work: Work) -> list[Invitation]:
    """Return the invitations that nobody has answered, the oldest first."""
    require_owner(work, proof=False)
    return await Invitations(work).open()


async def withdraw_invitation(work: Work, *, invitation: UUID) -> None:
    """End an invitation, so that its link leads nowhere."""
    require_owner(work, proof=False)
    await work.journal.hold()
    if not await Invitations(work).withdraw(invitation):
        raise NotFound("invitation")
    await work.journal.note("invitation.withdrawn", subject=invitation)
