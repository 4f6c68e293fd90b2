"""Invitations to one household; of a link only the digest of its token is kept."""

from datetime import datetime
from uuid import UUID

import msgspec

from solvent.households.domain import MEMBERS_MAX, Grants, Invitation, Invited
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Invitations:
    """The invitations to the household that ``work`` is scoped to."""

    ADD = sql("""
        insert into invitation (household_id, id, token_digest, email, role, others, granted, created_at,
                                created_by, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)
    """)
    OPEN = sql("""
        select id, email, role, created_at, expires_at from invitation
         where household_id = $1 and ended_at is null and expires_at > $2 order by created_at, id
    """)
    WITHDRAW = sql("""
        update invitation set ended_at = $3, outcome = 'withdrawn'
         where household_id = $1 and id = $2 and ended_at is null
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def add(self, invitation: Invitation, digest: bytes, grants: Grants) -> None:
        """Insert an invitation by the person of ``work``."""
        levels = {str(account): int(level) for account, level in grants.accounts.items()}
        await self._work.execute(
            self.ADD,
            self._work.household,
            invitation.id,
            digest,
            invitation.email,
            invitation.role,
            None if grants.others is None else int(grants.others),
            msgspec.json.encode(levels).decode(),
            invitation.created_at,
            self._work.person,
            invitation.expires_at,
        )

    async def open(self) -> list[Invitation]:
        """Return those that stand, the oldest first."""
        now = self._work.clock.now()
        return await self._work.fetch(Invitation, self.OPEN, self._work.household, now)

    async def withdraw(self, invitation: UUID) -> bool:
        """End one; tell whether it was still open."""
        now = self._work.clock.now()
        ended = await self._work.execute(self.WITHDRAW, self._work.household, invitation, now)
        return ended > 0


BEHIND = sql("""
    select id, household_name, invited_by, role, addressed, expires_at from invitation_behind($1, $2, $3)
""")
ANSWER = sql("select answer_invitation($1, $2, $3, $4, $5)")


async def invitation_behind(work: Work, household: UUID, digest: bytes) -> Invited | None:
    """Return the invitation that a link leads to, if it stands; ``work`` may be anyone's."""
    return await work.one(Invited, BEHIND, household, digest, work.clock.now())


async def answer_invitation(
    work: Work, household: UUID, digest: bytes, at: datetime, *, accept: bool
) -> str:
    """Answer it for the person of ``work``, and return what came of it."""
    outcome: str = await work.value(ANSWER, household, digest, at, accept, MEMBERS_MAX)
    return outcome
