"""Links in letters: each works once, for its purpose and the address that it was sent to."""

from datetime import timedelta
from enum import StrEnum
from typing import NamedTuple
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class LinkPurpose(StrEnum):
    """What a link is for."""

    VERIFY = "verify"
    CHANGE = "change"
    RESET = "reset"


LIFETIMES = {
    LinkPurpose.VERIFY: timedelta(days=3),
    LinkPurpose.CHANGE: timedelta(hours=24),
    LinkPurpose.RESET: timedelta(minutes=30),
}


class UsedLink(NamedTuple):
    """Whose link it was, and the address that it was sent to."""

    person: UUID
    email: str


class Links:
    """The links that have not been used."""

    ADD = sql("""
        insert into mail_link (digest, person_id, purpose, email, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6)
    """)
    SPEND = sql("""
        delete from mail_link where digest = $1 and purpose = $2 and expires_at > $3
        returning person_id, email
    """)
    LOOK = sql("""
        select person_id, email from mail_link where digest = $1 and purpose = $2 and expires_at > $3
    """)
    FORGET = sql("delete from mail_link where person_id = $1 and purpose = any($2::text[])")
    FORGET_OLD = sql("delete from mail_link where expires_at < $1")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def add(self, digest: bytes, person: UUID, purpose: LinkPurpose, email: str) -> None:
        """Keep the digest of a new link."""
        now = self._work.clock.now()
        until = now + LIFETIMES[purpose]
        await self._work.execute(self.ADD, digest, person, purpose, email, now, until)

    async def spend(self, digest: bytes, purpose: LinkPurpose) -> UsedLink | None:
        """Use a link up and return whose it was; None when it leads nowhere.

        Of two at the same time one waits for the other, and finds it used.
        """
        now = self._work.clock.now()
        return await self._work.one(UsedLink, self.SPEND, digest, purpose, now)

    async def look(self, digest: bytes, purpose: LinkPurpose) -> UsedLink | None:
        """Return whose link it is, without using it up."""
        now = self._work.clock.now()
        return await self._work.one(UsedLink, self.LOOK, digest, purpose, now)

    async def forget(self, person: UUID, *purposes: LinkPurpose) -> None:
        """Have the person's links for ``purposes`` lead nowhere."""
        await self._work.execute(self.FORGET, person, list(purposes))

    async def forget_old(self) -> int:
        """Remove what has expired; return how many."""
        return await self._work.execute(self.FORGET_OLD, self._work.clock.now())
