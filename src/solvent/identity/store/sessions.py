"""Sessions: one for each log-in, and the refresh tokens that each has had."""

from datetime import datetime
from uuid import UUID

from solvent.identity.domain import OpenSession
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

SESSIONS_MAX = 100


class Sessions:
    """The sessions of everybody, found by secrets that only their owners have."""

    OPEN = sql("""
        insert into session
            (id, person_id, channel, token_digest, created_at, expires_at, agent, proved_at, multi_factor)
        values ($1, $2, $3, $4, $5, $6, $7, $5, $8)
    """)
    END = sql("update session set ended_at = $2 where id = $1 and ended_at is null")
    END_ALL = sql("""
        update session set ended_at = $2
         where person_id = $1 and ended_at is null and id is distinct from $3
    """)
    FORGET = sql("delete from session where expires_at < $1 or ended_at < $1")
    OF_PERSON = sql("""
        select id, channel, agent, created_at from session
         where person_id = $1 and ended_at is null and expires_at > $2
         order by created_at desc limit $3
    """)
    ISSUE = sql("""
        insert into refresh_token (digest, session_id, issued_at) values ($1, $2, $3)
    """)
    SPEND = sql("""
        update refresh_token r set used_at = $2
          from session s
         where r.digest = $1 and r.used_at is null
           and s.id = r.session_id and s.ended_at is null and s.expires_at > $2
        returning s.id
    """)
    PROVE = sql("""
        update session set proved_at = $2, multi_factor = multi_factor or $3 where id = $1
    """)
    EXTEND = sql("update session set expires_at = $2 where id = $1")
    SPENT = sql("select session_id from refresh_token where digest = $1 and used_at is not null")
    OF_TOKEN = sql("select session_id from refresh_token where digest = $1")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def open(
        self,
        session: UUID,
        *,
        person: UUID,
        channel: str,
        expires_at: datetime,
        agent: str,
        token_digest: bytes | None = None,
        multi_factor: bool = False,
    ) -> None:
        """Insert a session of somebody who has just proved who they are.

        ``channel`` is ``page`` or ``api``, pages have a ``token_digest``.
        """
        now = self._work.clock.now()
        await self._work.execute(
            self.OPEN, session, person, channel, token_digest, now, expires_at, agent, multi_factor
        )

    async def end(self, session: UUID) -> bool:
        """End a session; tell whether it had not ended yet."""
        return await self._work.execute(self.END, session, self._work.clock.now()) > 0

    async def prove(self, session: UUID, *, multi_factor: bool = False) -> None:
        """Keep that the person of a session has just proved who they are."""
        await self._work.execute(self.PROVE, session, self._work.clock.now(), multi_factor)

    async def end_all(self, person: UUID, *, but: UUID | None = None) -> int:
        """End every session of ``person``, perhaps ``but`` one; return how many were open."""
        return await self._work.execute(self.END_ALL, person, self._work.clock.now(), but)

    async def forget_old(self, before: datetime) -> int:
        """Remove sessions that ended or expired ``before``, and their refresh tokens."""
        return await self._work.execute(self.FORGET, before)

    async def of_person(self, person: UUID) -> list[OpenSession]:
        """Return the newest sessions of ``person`` that have not ended."""
        now = self._work.clock.now()
        return await self._work.fetch(OpenSession, self.OF_PERSON, person, now, SESSIONS_MAX)

    async def issue(self, session: UUID, digest: bytes) -> None:
        """Keep the digest of a new refresh token."""
        await self._work.execute(self.ISSUE, digest, session, self._work.clock.now())

    async def spend(self, digest: bytes) -> UUID | None:
        """Use a refresh token up and return its session; None when it cannot be used.

        Of two at the same time one waits for the other, and finds it used.
        """
        session: UUID | None = await self._work.value(self.SPEND, digest, self._work.clock.now())
        return session

    async def extend(self, session: UUID, expires_at: datetime) -> None:
        """Let a session last until ``expires_at``."""
        await self._work.execute(self.EXTEND, session, expires_at)

    async def spent(self, digest: bytes) -> UUID | None:
        """Return the session of a refresh token that was used before."""
        session: UUID | None = await self._work.value(self.SPENT, digest)
        return session

    async def of_token(self, digest: bytes) -> UUID | None:
        """Return the session that a refresh token belongs to, used or not."""
        session: UUID | None = await self._work.value(self.OF_TOKEN, digest)
        return session
