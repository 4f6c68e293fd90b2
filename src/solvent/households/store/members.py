"""The members of one household, and what each may do with its accounts."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from solvent.households.domain import Grants, Member
from solvent.kernel.access import Level
from solvent.kernel.errors import NotFound
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class _Row(NamedTuple):
    """A member without the grants on single accounts."""

    person: UUID
    name: str
    email: str
    role: str
    others: int | None
    joined_at: datetime


class _GrantRow(NamedTuple):
    """A level that a member has on one account."""

    person: UUID
    account: UUID
    level: int


class Members:
    """The members of the household that ``work`` is scoped to."""

    ALL = sql("select person_id, name, email, role, others, created_at from members_here()")
    GRANTS = sql("""
        select person_id, account_id, level from account_grant where household_id = $1
         order by person_id, account_id
    """)
    CHANGE_ROLE = sql("""
        update membership set role = $3 where household_id = $1 and person_id = $2
    """)
    HAND_OVER = sql("""
        update membership set role = case person_id when $2 then 'owner' else $4 end
         where household_id = $1 and person_id in ($2, $3)
    """)
    CHANGE_OTHERS = sql("""
        update membership set others = $3 where household_id = $1 and person_id = $2
    """)
    REMOVE = sql("delete from membership where household_id = $1 and person_id = $2")
    FORGET_GRANTS = sql("delete from account_grant where household_id = $1 and person_id = $2")
    GRANT = sql("""
        insert into account_grant (household_id, person_id, account_id, level)
        select $1, $2, account, level from unnest($3::uuid[], $4::smallint[]) as g(account, level)
    """)
    MONEY = sql("""
        select id from account
         where household_id = $1 and id = any($2) and kind in ('asset', 'liability')
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def all(self) -> list[Member]:
        """Return every member, the oldest first."""
        grants: dict[UUID, dict[UUID, Level]] = {}
        for row in await self._work.fetch(_GrantRow, self.GRANTS, self._work.household):
            grants.setdefault(row.person, {})[row.account] = Level(row.level)
        return [
            Member(
                row.person,
                row.name,
                row.email,
                row.role,
                row.joined_at,
                Grants(
                    None if row.others is None else Level(row.others), grants.get(row.person, {})
                ),
            )
            for row in await self._work.fetch(_Row, self.ALL)
        ]

    async def one(self, person: UUID) -> Member:
        """Return one member; refuse when they are none."""
        for member in await self.all():
            if member.person == person:
                return member
        raise NotFound("member")

    async def change_role(self, person: UUID, role: str) -> None:
        """Write what ``person`` is."""
        await self._work.execute(self.CHANGE_ROLE, self._work.household, person, role)

    async def hand_over(self, new: UUID, *, old: UUID, role: str) -> None:
        """Make ``new`` an owner, and ``old`` what ``role`` says, at once."""
        await self._work.execute(self.HAND_OVER, self._work.household, new, old, role)

    async def remove(self, person: UUID) -> None:
        """Take ``person`` out of the household, with their grants."""
        await self._work.execute(self.REMOVE, self._work.household, person)

    async def grant(self, person: UUID, grants: Grants) -> None:
        """Put ``grants`` in place of those that ``person`` has."""
        household = self._work.household
        others = None if grants.others is None else int(grants.others)
        await self._work.execute(self.CHANGE_OTHERS, household, person, others)
        await self._work.execute(self.FORGET_GRANTS, household, person)
        accounts = list(grants.accounts)
        levels = [int(level) for level in grants.accounts.values()]
        await self._work.execute(self.GRANT, household, person, accounts, levels)

    async def check_accounts(self, accounts: list[UUID]) -> None:
        """Refuse an account that is not there, or holds no money."""
        if set(accounts) - set(await self._work.column(self.MONEY, self._work.household, accounts)):
            raise NotFound("account")
