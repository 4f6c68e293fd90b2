"""Hand a household over: another member becomes its owner, and the old one something else."""

from uuid import UUID

from solvent.households.domain import Member
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.members import Members
from solvent.kernel.access import Role
from solvent.kernel.errors import BadValue
from solvent.runtime.work import Work


async def hand_over_household(work: Work, *, person: UUID, role: Role = Role.EDITOR) -> Member:
    """Make ``person`` an owner in place of the person of ``work``, who becomes a ``role``."""
    require_owner(work)
    if person == work.person:
        raise BadValue("Choose another member to hand the household over to.", field="person")
    if role is Role.OWNER:
        raise BadValue("Choose what you want to be from then on.", field="role")
    await work.journal.hold()
    members = Members(work)
    old = await members.one(person)
    await work.journal.note(
        "household.handed_over",
        subject=person,
        before={"owner": work.person, "role": old.role},
        after={"owner": person, "role": role},
    )
    await members.hand_over(person, old=work.person, role=role.value)
    return await members.one(person)
