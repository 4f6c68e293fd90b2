"""The imports of a household, newest first, and one of them as it stands."""

from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from solvent.intake.domain import ImportState
from solvent.intake.operations.import_file import ImportAnswer, kept_summary
from solvent.intake.store.sources import ProgressRow, SourceRecord, Sources
from solvent.runtime.work import Work

LIMIT_MAX = 200
NEWEST = (datetime(9999, 1, 1, tzinfo=UTC), UUID(int=2**128 - 1))


@dataclass(frozen=True, slots=True)
class ImportView:
    """One import, when and by whom, and how far it is while it runs."""

    answer: ImportAnswer
    created_at: datetime
    created_by: str
    account: UUID | None
    progress: ProgressRow | None


async def list_imports(work: Work, *, limit: int = 50) -> list[ImportView]:
    """Return the newest imports, at most ``limit``."""
    records = await Sources(work).newest(NEWEST, min(limit, LIMIT_MAX))
    return [_view(record, None) for record in records]


async def show_import(work: Work, *, source: UUID) -> ImportView:
    """Return one import; refuse when it is not there."""
    sources = Sources(work)
    record = await sources.one(source)
    running = record.state in {ImportState.WAITING, ImportState.IMPORTING}
    return _view(record, await sources.progress(source) if running else None)


def _view(record: SourceRecord, progress: ProgressRow | None) -> ImportView:
    answer = ImportAnswer(record.id, record.name, ImportState(record.state), kept_summary(record))
    return ImportView(answer, record.created_at, record.created_by, record.account, progress)
