"""Remove a member, or leave."""

from uuid import UUID

from solvent.households.domain import LastOwner
from solvent.households.operations.change_role import count_owners
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.members import Members
from solvent.kernel.access import Role
from solvent.runtime.work import Work


async def remove_member(work: Work, *, person: UUID) -> None:
    """Take ``person`` out of the household; anybody may take out themselves. The last owner stays."""
    leaving = person == work.scope.person
    if not leaving:
        require_owner(work)
    await work.journal.hold()
    members = Members(work)
    old = await members.one(person)
    if old.role == Role.OWNER and await count_owners(work) == 1:
        raise LastOwner
    kind = "member.left" if leaving else "member.removed"
    await work.journal.note(kind, subject=person, before={"role": old.role})
    await members.remove(person)
