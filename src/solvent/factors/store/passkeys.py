"""Passkeys in PostgreSQL: public keys, and how often each says that it was used."""

from typing import NamedTuple
from uuid import UUID

from solvent.factors.domain import Passkey
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Known(NamedTuple):
    """What a signature is checked against, and whose it is."""

    id: UUID
    person: UUID
    public_key: bytes
    sign_count: int


class Passkeys:
    """Everybody's passkeys, found by their owner or by what only their owner's device knows."""

    ADD = sql("""
        insert into passkey (id, person_id, credential_id, public_key, sign_count, synced, name, created_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
        on conflict (credential_id) do nothing
    """)
    OF_PERSON = sql("""
        select id, name, synced, created_at, used_at from passkey where person_id = $1
         order by created_at, id
    """)
    CREDENTIALS = sql("select credential_id from passkey where person_id = $1")
    BY_CREDENTIAL = sql("""
        select id, person_id, public_key, sign_count from passkey where credential_id = $1 for update
    """)
    USED = sql("update passkey set sign_count = $2, synced = $3, used_at = $4 where id = $1")
    RENAME = sql("update passkey set name = $3 where id = $1 and person_id = $2")
    REMOVE = sql("delete from passkey where id = $1 and person_id = $2")

    def __init__(self, work: Work) -> None:
        """Read and write within ``work``."""
        self._work = work

    async def add(
        self, passkey: Passkey, *, credential_id: bytes, public_key: bytes, sign_count: int
    ) -> bool:
        """Keep a new passkey of the work's person; False where its credential is known already."""
        added = await self._work.execute(
            self.ADD,
            passkey.id,
            self._work.person,
            credential_id,
            public_key,
            sign_count,
            passkey.synced,
            passkey.name,
            passkey.created_at,
        )
        return added > 0

    async def of_person(self, person: UUID) -> list[Passkey]:
        """Return the passkeys of ``person``, oldest first."""
        return await self._work.fetch(Passkey, self.OF_PERSON, person)

    async def credentials(self, person: UUID) -> list[bytes]:
        """Return the ids by which the devices of ``person`` know their passkeys."""
        return await self._work.column(self.CREDENTIALS, person)

    async def by_credential(self, credential_id: bytes) -> Known | None:
        """Return the passkey that a device means, held until the work ends."""
        return await self._work.one(Known, self.BY_CREDENTIAL, credential_id)

    async def used(self, passkey: UUID, *, sign_count: int, synced: bool) -> None:
        """Keep that a passkey was used just now."""
        now = self._work.clock.now()
        await self._work.execute(self.USED, passkey, sign_count, synced, now)

    async def rename(self, passkey: UUID, name: str) -> bool:
        """Call one of the person's own passkeys ``name``; False where they have no such passkey."""
        return await self._work.execute(self.RENAME, passkey, self._work.person, name) > 0

    async def remove(self, passkey: UUID) -> bool:
        """Remove one of the person's own passkeys; False where they have no such passkey."""
        return await self._work.execute(self.REMOVE, passkey, self._work.person) > 0
