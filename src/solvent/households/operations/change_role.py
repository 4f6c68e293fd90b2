"""Change what a member is: owner, editor, viewer or adviser."""

from uuid import UUID

from solvent.households.domain import LastOwner, Member
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.members import Members
from solvent.kernel.access import Role
from solvent.runtime.work import Work


async def change_role(work: Work, *, person: UUID, role: Role) -> Member:
    """Give ``person`` another role; their grants stay. The last owner stays one."""
    require_owner(work)
    await work.journal.hold()
    members = Members(work)
    old = await members.one(person)
    if old.role == role:
        return old
    if old.role == Role.OWNER and await count_owners(work) == 1:
        raise LastOwner
    await work.journal.note(
        "member.role_changed", subject=person, before={"role": old.role}, after={"role": role}
    )
    await members.change_role(person, role.value)
    return await members.one(person)


async def count_owners(work: Work) -> int:
    """Return how many owners the household has."""
    return sum(member.role == Role.OWNER for member in await Members(work).all())
