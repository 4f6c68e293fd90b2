"""The jobs of intake: booking a queued file, and statistics after a large batch."""

from solvent.intake.operations.analyze_books import STATISTICS, AnalyzeBooks, analyze_books
from solvent.intake.operations.commit_in_background import commit_in_background, give_up_import
from solvent.intake.operations.queue_import import COMMIT, QueuedImport
from solvent.runtime.jobs.kinds import JobKind
from solvent.runtime.work import Works


async def _analyze(works: Works, _: AnalyzeBooks) -> None:
    await analyze_books(works)


COMMIT_IMPORT = JobKind(COMMIT, QueuedImport, commit_in_background, give_up_import)
ANALYZE = JobKind(STATISTICS, AnalyzeBooks, _analyze)

KINDS = (COMMIT_IMPORT, ANALYZE)
