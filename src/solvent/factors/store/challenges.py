"""Challenges: questions that are answered once and soon."""

import hashlib
from datetime import timedelta
from typing import Literal, NamedTuple
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

LIFETIME = timedelta(minutes=5)
FORGOTTEN_AT_ONCE_MAX = 100

Purpose = Literal["second_step", "passkey_made", "passkey_used"]


class Spent(NamedTuple):
    """Whom a challenge was for; None: anybody."""

    person: UUID | None


class Challenges:
    """Challenges of one purpose; only their digests are kept."""

    ADD = sql("""
        insert into factor_challenge (digest, purpose, person_id, expires_at) values ($1, $2, $3, $4)
    """)
    HOLDER = sql("""
        select person_id from factor_challenge where digest = $1 and purpose = $2 and expires_at > $3
    """)
    SPEND = sql("""
        delete from factor_challenge where digest = $1 and purpose = $2 and expires_at > $3
        returning person_id
    """)
    FORGET = sql("""
        delete from factor_challenge where digest in (
            select digest from factor_challenge where expires_at <= $1
             order by expires_at limit $2 for update skip locked)
    """)

    def __init__(self, work: Work, purpose: Purpose) -> None:
        """Read and write within ``work``."""
        self._work = work
        self._purpose = purpose

    async def add(self, challenge: bytes, *, person: UUID | None = None) -> None:
        """Keep a challenge for five minutes, and forget some that nobody answered."""
        now = self._work.clock.now()
        await self._work.execute(self.FORGET, now, FORGOTTEN_AT_ONCE_MAX)
        digest = _digest(challenge)
        await self._work.execute(self.ADD, digest, self._purpose, person, now + LIFETIME)

    async def holder(self, challenge: bytes) -> Spent | None:
        """Return whom a challenge is for, without using it up; None where it is unknown or old."""
        now = self._work.clock.now()
        return await self._work.one(Spent, self.HOLDER, _digest(challenge), self._purpose, now)

    async def spend(self, challenge: bytes) -> Spent | None:
        """Use a challenge up; None where it is unknown, used or old. Of two at once, one wins."""
        now = self._work.clock.now()
        return await self._work.one(Spent, self.SPEND, _digest(challenge), self._purpose, now)


def _digest(challenge: bytes) -> bytes:
    return hashlib.sha256(challenge).digest()
