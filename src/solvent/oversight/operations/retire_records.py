"""Retire records that are older than they are kept: removed against a signed checkpoint."""

from datetime import timedelta

from solvent.oversight.store.retirement import Retirement
from solvent.runtime.checkpoints import Checkpoint
from solvent.runtime.keys import KeyRing
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settinggroups import RetentionSettings
from solvent.runtime.work import Works

CAUSE = "records.retire"


async def retire_records(works: Works, *, keys: KeyRing, kept: RetentionSettings) -> int:
    """Remove what is older than ``kept`` says, each chain by itself; return how many records went."""
    now = works.clock.now()
    async with works.for_machine(None, cause=CAUSE) as work:
        retirement = Retirement(work)
        chains = await retirement.security(now - timedelta(days=kept.audit_days))
        chains += await retirement.journals(now - timedelta(days=kept.financial_days))
    removed = 0
    for chain in chains:
        async with works.for_machine(None, cause=CAUSE) as work:
            checkpoint = Checkpoint.signed(
                keys, household=chain.household, seq=chain.seq, digest=chain.hash, at=now
            )
            records = await Retirement(work).retire(checkpoint)
            work.security.note(
                SecurityKind.RECORDS_RETIRED,
                subject=chain.household,
                facts={"records": records, "last": chain.seq},
            )
            removed += records
    return removed
