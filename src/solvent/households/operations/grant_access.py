"""Grant access: what a member may do with single accounts, and with all others."""

from uuid import UUID

from solvent.households.domain import Grants, Member
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.members import Members
from solvent.kernel.access import Role
from solvent.kernel.errors import BadValue
from solvent.runtime.work import Work


async def grant_access(work: Work, *, person: UUID, grants: Grants) -> Member:
    """Put ``grants`` in place of those that ``person`` has; an owner's cannot be narrowed."""
    require_owner(work)
    await work.journal.hold()
    members = Members(work)
    old = await members.one(person)
    if old.role == Role.OWNER:
        raise BadValue(
            "An owner has access to everything; change their role first.", field="person"
        )
    await members.check_accounts(list(grants.accounts))
    await work.journal.note(
        "member.access_changed",
        subject=person,
        before=old.grants.facts(),
        after=grants.facts(),
        visibility=[*old.grants.accounts, *grants.accounts],
    )
    await members.grant(person, grants)
    return await members.one(person)
