"""Export a household's audit trail with its links, so that an auditor can check the chain alone."""

from solvent.oversight.domain import EXPORT_RECORDS_MAX, ExportRefused, LinkedRecord
from solvent.oversight.store.trail import Trail
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work

EXPORTING_ROLES = frozenset({"owner", "editor"})


async def export_trail(work: Work, *, since: int) -> list[LinkedRecord]:
    """Return the records after ``since``, oldest first, at most ``EXPORT_RECORDS_MAX``.

    The export itself is noted. Raise :class:`ExportRefused` for those who may not carry it away.
    """
    if work.scope.role not in EXPORTING_ROLES or not work.scope.access.reads_all:
        raise ExportRefused
    rows = await Trail(work).linked(since=since, limit=EXPORT_RECORDS_MAX)
    work.security.note(
        SecurityKind.DATA_EXPORTED,
        subject=work.household,
        facts={"what": "audit trail", "records": len(rows), "since": since},
    )
    return [LinkedRecord(row.seq, row.hash, row.prev_hash, row.content) for row in rows]
