"""Checkpoints: where the front of a chain was removed, signed by the installation that removed it.

A checkpoint holds the number and the hash of the last record that went, so that the rest still chains.
Its signature is an HMAC-SHA256 with a key derived from the ring of field keys, whose older keys are kept.
"""

import hashlib
import hmac
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Final
from uuid import UUID

import asyncpg

from solvent.runtime.database import Connection
from solvent.runtime.keys import KeyRing

PURPOSE = "checkpoint"

ALL: Final = """
    select household_id, seq, hash, retired_at, kid, signature from journal_checkpoint
    union all
    select null, seq, hash, retired_at, kid, signature from security_checkpoint
"""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """The last record that was removed of one chain; without a household, of the security events."""

    household: UUID | None
    seq: int
    hash: bytes
    at: datetime
    kid: str
    signature: bytes

    @classmethod
    def signed(
        cls, keys: KeyRing, *, household: UUID | None, seq: int, digest: bytes, at: datetime
    ) -> "Checkpoint":
        """Return the checkpoint of a record, signed with the newest key."""
        unsigned = cls(household, seq, digest, at, keys.current_kid, b"")
        return replace(unsigned, signature=unsigned.mac(keys))

    def mac(self, keys: KeyRing) -> bytes:
        """Return what signs this, with the key that it names; a dropped key is refused."""
        facts = (self.household, self.seq, self.hash.hex(), self.at.isoformat(), self.kid)
        text = "|".join(map(str, facts))
        return hmac.new(keys.derive(PURPOSE, self.kid), text.encode(), hashlib.sha256).digest()

    def holds(self, keys: KeyRing) -> bool:
        """Tell whether an installation with ``keys`` signed this."""
        return self.kid in keys.kids and hmac.compare_digest(self.mac(keys), self.signature)


async def unsigned_checkpoints(connection: Connection, keys: KeyRing) -> list[Checkpoint]:
    """Return the checkpoints that no key of ``keys`` has signed."""
    rows: list[asyncpg.Record] = await connection.fetch(ALL)
    return [each for each in (Checkpoint(*row) for row in rows) if not each.holds(keys)]
