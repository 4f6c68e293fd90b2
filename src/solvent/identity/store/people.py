"""The people who can log in, in PostgreSQL."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

import asyncpg

from solvent.identity.domain import Person
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Known(NamedTuple):
    """Who an address belongs to, the hash of their password, and whether they may not log in yet."""

    person: UUID
    password_hash: PasswordHash
    awaits_mail: bool


class People:
    """Everybody; people belong to no household."""

    ADD = sql("""
        insert into person (id, email, name, password_hash, locale, created_at, verified_at, awaits_mail)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict on constraint person_email_once do nothing
    """)
    ONE = sql("select id, email, name, locale, verified_at is not null from person where id = $1")
    BY_EMAIL = sql(
        "select id, email, name, locale, verified_at is not null from person where email = $1"
    )
    KNOWN = sql("select id, password_hash, awaits_mail from person where email = $1")
    CHANGE = sql("update person set name = $2, locale = $3 where id = $1")
    CHANGE_HASH = sql("update person set password_hash = $2 where id = $1 and password_hash = $3")

    SET_HASH = sql("update person set password_hash = $2 where id = $1")
    VERIFY = sql("""
        update person set verified_at = coalesce(verified_at, $3), awaits_mail = false
         where id = $1 and email = $2
    """)
    IS_DISABLED = sql("select is_disabled($1)")
    MOVE = sql("update person set email = $2, verified_at = $3, awaits_mail = false where id = $1")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def add(
        self, person: Person, password: PasswordHash, *, at: datetime, awaits_mail: bool = False
    ) -> bool:
        """Insert a person; tell whether the address was free."""
        added = await self._work.execute(
            self.ADD,
            person.id,
            person.email,
            person.name,
            password,
            person.locale,
            at,
            at if person.verified else None,
            awaits_mail,
        )
        return added > 0

    async def one(self, person: UUID) -> Person | None:
        """Return one person, if they are there."""
        return await self._work.one(Person, self.ONE, person)

    async def by_email(self, email: str) -> Person | None:
        """Return who has registered with ``email``, which is in its normal spelling."""
        return await self._work.one(Person, self.BY_EMAIL, email)

    async def is_disabled(self, person: UUID) -> bool:
        """Tell whether an operator has shut the person out."""
        return bool(await self._work.value(self.IS_DISABLED, person))

    async def change(self, person: Person) -> None:
        """Write a person's name and language."""
        await self._work.execute(self.CHANGE, person.id, person.name, person.locale)

    async def known(self, email: str) -> Known | None:
        """Return who has the address ``email`` and the hash of their password."""
        return await self._work.one(Known, self.KNOWN, email)

    async def replace_hash(self, person: UUID, *, old: PasswordHash, new: PasswordHash) -> None:
        """Keep a hash made at another cost, unless the password has changed meanwhile."""
        await self._work.execute(self.CHANGE_HASH, person, new, old)

    async def set_hash(self, person: UUID, new: PasswordHash) -> None:
        """Keep the hash of a new password."""
        await self._work.execute(self.SET_HASH, person, new)

    async def verify(self, person: UUID, *, email: str, at: datetime) -> bool:
        """Keep that letters to ``email`` reach the person; tell whether it is still their address."""
        return await self._work.execute(self.VERIFY, person, email, at) > 0

    async def move(self, person: UUID, *, email: str, at: datetime) -> bool:
        """Give the person another address, which they have verified; tell whether it was free."""
        try:
            async with self._work.connection.transaction():
                await self._work.execute(self.MOVE, person, email, at)
        except asyncpg.UniqueViolationError:
            return False
        return True
