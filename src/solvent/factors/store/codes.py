"""Authenticators and recovery codes of people, in PostgreSQL; keys of authenticators are sealed."""

from collections.abc import Sequence
from typing import NamedTuple
from uuid import UUID

from solvent.runtime.sealing import Seal
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class _Kept(NamedTuple):
    sealed_secret: bytes
    confirmed: bool


class Codes:
    """The codes of one person."""

    BEGIN = sql("""
        insert into totp as t (person_id, sealed_secret, created_at) values ($1, $2, $3)
        on conflict (person_id) do update set sealed_secret = $2, created_at = $3
         where t.confirmed_at is null
    """)
    KEPT = sql("select sealed_secret, confirmed_at is not null from totp where person_id = $1")
    CONFIRM = sql("""
        update totp set confirmed_at = $2, last_step = $3 where person_id = $1 and confirmed_at is null
    """)
    SPEND_STEP = sql("""
        update totp set last_step = $2
         where person_id = $1 and confirmed_at is not null and last_step < $2
    """)
    REMOVE = sql("delete from totp where person_id = $1")
    FORGET_RECOVERY = sql("delete from recovery_code where person_id = $1")
    ADD_RECOVERY = sql("""
        insert into recovery_code (person_id, digest, created_at)
        select $1, digest, $3 from unnest($2::bytea[]) as digest
    """)
    SPEND_RECOVERY = sql("""
        update recovery_code set used_at = $3 where person_id = $1 and digest = $2 and used_at is null
    """)
    RECOVERY_LEFT = sql("""
        select count(*) from recovery_code where person_id = $1 and used_at is null
    """)

    def __init__(self, work: Work, seal: Seal, person: UUID) -> None:
        """Read and write within ``work`` what belongs to ``person``."""
        self._work = work
        self._seal = seal
        self._person = person
        self._place = f"totp.sealed_secret/{person}"

    async def begin(self, secret: str) -> bool:
        """Keep the key of an authenticator that is not confirmed yet; False where one is."""
        sealed = self._seal.seal(secret.encode("ascii"), place=self._place)
        now = self._work.clock.now()
        return await self._work.execute(self.BEGIN, self._person, sealed, now) > 0

    async def secret(self, *, confirmed: bool) -> str | None:
        """Return the authenticator's key, if there is one in that state."""
        kept = await self._work.one(_Kept, self.KEPT, self._person)
        if kept is None or kept.confirmed is not confirmed:
            return None
        return self._seal.open(kept.sealed_secret, place=self._place).decode("ascii")

    async def has_authenticator(self) -> bool:
        """Tell whether there is an authenticator that was confirmed."""
        kept = await self._work.one(_Kept, self.KEPT, self._person)
        return kept is not None and kept.confirmed

    async def confirm(self, step: int) -> bool:
        """Let the authenticator count from now on; the code of ``step`` is used up."""
        now = self._work.clock.now()
        return await self._work.execute(self.CONFIRM, self._person, now, step) > 0

    async def spend_step(self, step: int) -> bool:
        """Use the code of ``step`` up; False where it, or a later one, was used before."""
        return await self._work.execute(self.SPEND_STEP, self._person, step) > 0

    async def remove(self) -> bool:
        """Remove the authenticator and what would recover it; tell whether there was one."""
        await self._work.execute(self.FORGET_RECOVERY, self._person)
        return await self._work.execute(self.REMOVE, self._person) > 0

    async def replace_recovery(self, digests: Sequence[bytes]) -> None:
        """Keep these recovery codes in place of all before."""
        now = self._work.clock.now()
        await self._work.execute(self.FORGET_RECOVERY, self._person)
        await self._work.execute(self.ADD_RECOVERY, self._person, list(digests), now)

    async def spend_recovery(self, digest: bytes) -> bool:
        """Use a recovery code up; False where it is none, or was used before."""
        now = self._work.clock.now()
        return await self._work.execute(self.SPEND_RECOVERY, self._person, digest, now) > 0

    async def recovery_left(self) -> int:
        """Return how many recovery codes have not been used."""
        left: int = await self._work.value(self.RECOVERY_LEFT, self._person)
        return left
