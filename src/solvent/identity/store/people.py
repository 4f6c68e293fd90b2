"""The people who can log in, in PostgreSQL."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from solvent.identity.domain import Person
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Known(NamedTuple):
    """Who an address belongs to, and the hash of their password."""

    person: UUID
    password_hash: PasswordHash


class People:
    """Everybody; people belong to no household."""

    ADD = sql("""
        insert into person (id, email, name, password_hash, locale, created_at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict on constraint person_email_once do nothing
    """)
    ONE = sql("select id, email, name, locale from person where id = $1")
    BY_EMAIL = sql("select id, email, name, locale from person where email = $1")
    KNOWN = sql("select id, password_hash from person where email = $1")
    CHANGE = sql("update person set name = $2, locale = $3 where id = $1")
    CHANGE_HASH = sql("update person set password_hash = $2 where id = $1 and password_hash = $3")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def add(self, person: Person, password: PasswordHash, *, at: datetime) -> bool:
        """Insert a person; tell whether the address was free."""
        added = await self._work.execute(
            self.ADD, person.id, person.email, person.name, password, person.locale, at
        )
        return added > 0

    async def one(self, person: UUID) -> Person | None:
        """Return one person, if they are there."""
        return await self._work.one(Person, self.ONE, person)

    async def by_email(self, email: str) -> Person | None:
        """Return who has registered with ``email``, which is in its normal spelling."""
        return await self._work.one(Person, self.BY_EMAIL, email)

    async def change(self, person: Person) -> None:
        """Write a person's name and language."""
        await self._work.execute(self.CHANGE, person.id, person.name, person.locale)

    async def known(self, email: str) -> Known | None:
        """Return who has the address ``email`` and the hash of their password."""
        return await self._work.one(Known, self.KNOWN, email)

    async def replace_hash(self, person: UUID, *, old: PasswordHash, new: PasswordHash) -> None:
        """Keep a hash made at another cost, unless the password has changed meanwhile."""
        await self._work.execute(self.CHANGE_HASH, person, new, old)
