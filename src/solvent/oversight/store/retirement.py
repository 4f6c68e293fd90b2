"""What is old enough to be removed from the front of a chain, and its removal."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from solvent.runtime.checkpoints import Checkpoint
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Retirable(NamedTuple):
    """The last record of a chain that may go; without a household, of the security events."""

    household: UUID | None
    seq: int
    hash: bytes


class Retirement:
    """Removes old records; the database holds to its own floors."""

    SECURITY = sql("select null::uuid, seq, hash from retirable_security($1)")
    JOURNALS = sql("select household_id, seq, hash from retirable_journals($1)")
    RETIRE_SECURITY = sql("select retire_security($1, $2, $3, $4, $5)")
    RETIRE_JOURNAL = sql("select retire_journal($1, $2, $3, $4, $5, $6)")

    def __init__(self, work: Work) -> None:
        """Act within ``work``, which is of the machine."""
        self._work = work

    async def security(self, before: datetime) -> list[Retirable]:
        """Return where the security events older than ``before`` end, if there are any."""
        return await self._work.fetch(Retirable, self.SECURITY, before)

    async def journals(self, before: datetime) -> list[Retirable]:
        """Return where each household's records older than ``before`` end."""
        return await self._work.fetch(Retirable, self.JOURNALS, before)

    async def retire(self, checkpoint: Checkpoint) -> int:
        """Remove everything up to ``checkpoint`` and keep that; return how many records went."""
        facts = (
            checkpoint.seq,
            checkpoint.hash,
            checkpoint.at,
            checkpoint.kid,
            checkpoint.signature,
        )
        removed: int = await (
            self._work.value(self.RETIRE_SECURITY, *facts)
            if checkpoint.household is None
            else self._work.value(self.RETIRE_JOURNAL, checkpoint.household, *facts)
        )
        return removed
