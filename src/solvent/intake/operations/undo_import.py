"""Undo an import, at any time: withdraw its claims and take out what nothing else claims."""

from dataclasses import dataclass
from uuid import UUID

import msgspec

from solvent.intake.domain import ImportState, NotCommitted
from solvent.intake.operations.import_file import kept_summary
from solvent.intake.store.claims import Claims
from solvent.intake.store.sources import Sources
from solvent.ledger.operations.infer_opening import keep_openings
from solvent.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Undone:
    """What undoing came to; ``kept`` are transactions that people have changed since."""

    id: UUID
    state: ImportState
    removed: int
    shared: int
    kept: list[UUID]


async def undo_import(work: Work, *, source: UUID, remove_edited: bool = False) -> Undone:
    """Withdraw the batch; a transaction that another file's row still claims stays.

    One edited or reconciled since is kept and listed, with its claim, unless ``remove_edited``.
    """
    sources, claims = Sources(work), Claims(work)
    record = await sources.locked(source)
    await work.journal.hold()
    if record.state != ImportState.COMMITTED:
        raise NotCommitted(record.state)
    kept = [] if remove_edited else await claims.edited(source)
    withdrawal = await claims.withdraw(source, keep=kept)
    await sources.drop_closings(source)
    summary = kept_summary(record)
    summary.kept = kept
    await keep_openings(work, accounts=[one.account for one in summary.accounts if one.account])
    await sources.settle(
        source,
        ImportState.UNDONE,
        account=record.account,
        mapping=record.mapping,
        result=msgspec.json.encode(summary).decode(),
    )
    await work.journal.note(
        "import.undone",
        subject=source,
        after={"removed": withdrawal.removed, "shared": withdrawal.shared, "kept": len(kept)},
        visibility=[one.account for one in summary.accounts if one.account],
    )
    return Undone(source, ImportState.UNDONE, withdrawal.removed, withdrawal.shared, kept)
