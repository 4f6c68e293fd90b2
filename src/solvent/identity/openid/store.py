"""Linked identities and open questions, in PostgreSQL."""

from uuid import UUID

from solvent.identity.openid.domain import (
    QUESTION_LIFETIME,
    Identity,
    LinkedIdentity,
    Question,
)
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Questions:
    """What people are out at the provider with, found by a digest of what only they carry."""

    ADD = sql("""
        insert into openid_question (digest, session_id, following, asked_at)
        values ($1, $2, $3, $4)
    """)
    FORGET = sql("delete from openid_question where asked_at < $1")
    TAKE = sql("""
        delete from openid_question where digest = $1 and asked_at >= $2
        returning following, session_id
    """)

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def add(self, digest: bytes, question: Question) -> None:
        """Keep a question, and forget those that nobody may answer any longer."""
        now = self._work.clock.now()
        await self._work.execute(self.FORGET, now - QUESTION_LIFETIME)
        await self._work.execute(self.ADD, digest, question.session, question.following, now)

    async def take(self, digest: bytes) -> Question | None:
        """Return a question and remove it: of two answers at the same time one finds it."""
        since = self._work.clock.now() - QUESTION_LIFETIME
        return await self._work.one(Question, self.TAKE, digest, since)


class LinkedIdentities:
    """Which person an identity leads to."""

    PERSON = sql("select person_id from linked_identity where issuer = $1 and subject = $2")
    USE = sql("update linked_identity set used_at = $3 where issuer = $1 and subject = $2")
    ADD = sql("""
        insert into linked_identity (id, person_id, issuer, subject, email, linked_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint linked_identity_once do nothing
    """)
    OF_PERSON = sql("""
        select id, issuer, email, linked_at, used_at from linked_identity
         where person_id = $1 order by linked_at, id
    """)
    REMOVE = sql("delete from linked_identity where id = $1 and person_id = $2")
    KNOWN_EMAIL = sql("select exists (select from person where email = $1)")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def person(self, identity: Identity) -> UUID | None:
        """Return whom ``identity`` leads to."""
        found: UUID | None = await self._work.value(self.PERSON, identity.issuer, identity.subject)
        return found

    async def note_use(self, identity: Identity) -> None:
        """Write that somebody logged in by ``identity`` now."""
        now = self._work.clock.now()
        await self._work.execute(self.USE, identity.issuer, identity.subject, now)

    async def add(self, link: UUID, person: UUID, identity: Identity) -> bool:
        """Link ``identity`` to ``person``, and tell whether it was free."""
        added = await self._work.execute(
            self.ADD,
            link,
            person,
            identity.issuer,
            identity.subject,
            identity.email,
            self._work.clock.now(),
        )
        return added > 0

    async def of_person(self, person: UUID) -> list[LinkedIdentity]:
        """Return what ``person`` has linked, oldest first."""
        return await self._work.fetch(LinkedIdentity, self.OF_PERSON, person)

    async def remove(self, link: UUID, person: UUID) -> bool:
        """Unlink, and tell whether it was one of theirs."""
        return await self._work.execute(self.REMOVE, link, person) > 0

    async def is_known(self, email: str) -> bool:
        """Tell whether somebody has registered with ``email``."""
        known: bool = await self._work.value(self.KNOWN_EMAIL, email)
        return known
