"""List the members of a household, as far as the reader may know them."""

from dataclasses import replace

from solvent.households.domain import Grants, Member
from solvent.households.store.members import Members
from solvent.kernel.access import Role
from solvent.runtime.work import Work


async def list_members(work: Work) -> list[Member]:
    """Return every member, the oldest first.

    Owners see addresses and grants; everybody else sees their own only.
    """
    members = await Members(work).all()
    if work.scope.role == Role.OWNER:
        return members
    return [
        member
        if member.person == work.scope.person
        else replace(member, email=None, grants=Grants())
        for member in members
    ]
