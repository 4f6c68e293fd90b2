"""Import a file, or preview it: one reading, one decision, and the books only on a person's word."""

import hashlib
import os
from dataclasses import asdict, dataclass, replace
from typing import BinaryIO
from uuid import UUID

import msgspec

from solvent.intake.domain import ImportState, ImportSummary
from solvent.intake.formats.reading import NeedsAnswer, Reading
from solvent.intake.operations.analyze_books import (
    STATISTICS,
    STATISTICS_AFTER,
    AnalyzeBooks,
)
from solvent.intake.operations.book_batch import (
    book_batch,
    decide,
    foresee_closings,
    summarise,
)
from solvent.intake.operations.find_accounts import Target, find_accounts
from solvent.intake.operations.stage_file import Progress, Staged, stage_file
from solvent.intake.store.items import Items
from solvent.intake.store.profiles import Profiles
from solvent.intake.store.sources import SourceRecord, Sources
from solvent.kernel.access import Level
from solvent.runtime.filenames import safe_name
from solvent.runtime.ids import new_id
from solvent.runtime.jobs.queue import enqueue
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.uploads.antivirus import Antivirus, NoAntivirus
from solvent.runtime.uploads.content import require_plain
from solvent.runtime.uploads.refusals import RefusedUpload
from solvent.runtime.work import Work

HASH_CHUNK_BYTES = 1024 * 1024
SAMPLE_ROWS = 8
REMEDY = "Solvent reads OFX, QFX and CSV; choose one of these when you export from your bank."
NO_ANTIVIRUS = NoAntivirus()
STATISTICS_AFTER_ROWS = 1_000
"""Batches that add more have the planner's statistics taken anew."""


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it comes, and what a person says of it.

    ``account`` is the account it is of; ``mapping`` how to read it; either may be left open.
    """

    file: BinaryIO
    name: str
    account: UUID | None = None
    mapping: dict[str, object] | None = None
    new_account: bool = False


@dataclass(frozen=True, slots=True)
class ImportAnswer:
    """An import as it stands now."""

    id: UUID
    name: str
    state: ImportState
    summary: ImportSummary


async def import_file(
    work: Work,
    *,
    upload: Upload,
    commit: bool,
    progress: Progress | None = None,
    antivirus: Antivirus = NO_ANTIVIRUS,
) -> ImportAnswer:
    """Read ``upload`` and book it, or only preview it when ``commit`` is False.

    What is no plain text, or what ``antivirus`` knows, is refused before it is read.

    A file that was imported before adds nothing and is not read again. One that needs an answer is
    kept as a preview with the questions in its summary. Raises what readers raise.
    """
    work.require_level(Level.EDIT)
    upload = replace(upload, name=safe_name(upload.name))
    await _admit(work, upload.file, antivirus)
    sources = Sources(work)
    digest, size = digest_of(upload.file)
    seen = await _seen(work, digest, upload)
    if seen is not None:
        return seen
    source = new_id()
    told = upload.mapping or await Profiles(work).of(upload.account)
    answer, staged, targets = await look_at_file(
        work, source, replace(upload, mapping=told), progress, foresee=not commit
    )
    if commit:
        seen = await _seen(work, digest, upload)  # it may have come in while this one was read
        if seen is not None:
            return seen
    record = SourceRecord(
        source,
        upload.name,
        answer.summary.format,
        digest,
        size,
        answer.state,
        upload.account,
        None if told is None else _json(told),
        _json(answer.summary),
        None,
        work.clock.now(),
        work.actor,
    )
    await sources.add(record, upload.file)
    if not commit or answer.summary.questions or staged is None:
        return answer
    return await book_source(work, source=source, name=record.name, staged=staged, targets=targets)


async def _admit(work: Work, file: BinaryIO, antivirus: Antivirus) -> None:
    """Refuse a file that is not even to be read; that somebody tried is noted."""
    try:
        require_plain(file, remedy=REMEDY)
        await antivirus.require_clean(file)
    except RefusedUpload as refusal:
        work.security.note(SecurityKind.UPLOAD_REFUSED, facts={"code": refusal.code})
        raise


async def look_at_file(
    work: Work, source: UUID, upload: Upload, progress: Progress | None, *, foresee: bool = True
) -> tuple[ImportAnswer, Staged | None, list[Target]]:
    """Read the file and find its accounts; questions end up in the summary.

    ``foresee`` also what booking it would come to; whoever books it at once need not, and holds the
    household instead, so that no account is made twice.
    """
    try:
        staged = await stage_file(
            work, file=upload.file, name=upload.name, told=upload.mapping, progress=progress
        )
    except NeedsAnswer as needs:
        summary = ImportSummary("csv", 0, [], questions=list(needs.questions))
        return ImportAnswer(source, upload.name, ImportState.PREVIEWED, summary), None, []
    summary = summary_of(staged.reading, staged.rows)
    if foresee:
        summary.sample = [asdict(row) for row in await Items(work).sample(SAMPLE_ROWS)]
    else:
        await work.journal.hold()
    targets: list[Target] = []
    try:
        targets = await find_accounts(
            work,
            staged=staged,
            told=upload.account,
            file_name=upload.name,
            make_new=upload.new_account,
        )
    except NeedsAnswer as needs:
        summary.questions = list(needs.questions)
    else:
        outcomes = await decide(work, targets) if foresee else []
        summary.accounts = summarise(targets, outcomes, staged.reading.closings)
        if foresee:
            await foresee_closings(work, summary.accounts)
        summary.warnings = [asdict(warning) for warning in staged.reading.warnings]
    return ImportAnswer(source, upload.name, ImportState.PREVIEWED, summary), staged, targets


async def book_source(
    work: Work, *, source: UUID, name: str, staged: Staged, targets: list[Target]
) -> ImportAnswer:
    """Book the staged rows of a file that is kept, and write its one journal record."""
    summary = summary_of(staged.reading, staged.rows)
    summary.accounts = await book_batch(work, source=source, staged=staged, targets=targets)
    accounts = [account.account for account in summary.accounts if account.account is not None]
    await work.journal.note(
        "import.committed",
        subject=source,
        after={
            "rows": summary.rows,
            "added": sum(account.added for account in summary.accounts),
            "matched": sum(account.matched for account in summary.accounts),
            "accounts": accounts,
        },
        visibility=accounts,
    )
    if sum(account.added for account in summary.accounts) > STATISTICS_AFTER_ROWS:
        await enqueue(work, STATISTICS, AnalyzeBooks(), after=STATISTICS_AFTER, once=STATISTICS)
    own = accounts[0] if len(accounts) == 1 else None
    await Sources(work).settle(
        source,
        ImportState.COMMITTED,
        account=own,
        mapping=_json(staged.reading.mapping) if staged.reading.mapping else None,
        result=_json(summary),
        accounts=accounts,
    )
    if own is not None and staged.reading.mapping:
        await Profiles(work).save(own, staged.reading.mapping)
    return ImportAnswer(source, name, ImportState.COMMITTED, summary)


def summary_of(reading: Reading, rows: int) -> ImportSummary:
    """Return what a reading says, without its accounts."""
    return ImportSummary(
        reading.format,
        rows,
        [],
        rejected=[asdict(row) for row in reading.rejected],
        rejected_count=reading.rejected_count,
        warnings=[asdict(warning) for warning in reading.warnings],
    )


def kept_summary(record: SourceRecord) -> ImportSummary:
    """Return the summary that is kept with a file: its result, or else its preview."""
    return msgspec.json.decode(record.result or record.preview, type=ImportSummary)


async def _seen(work: Work, digest: bytes, upload: Upload) -> ImportAnswer | None:
    """Answer for a file that is in the books already: all its rows are there."""
    if upload.mapping is not None:
        return None
    record = await Sources(work).seen(digest, upload.account)
    if record is None:
        return None
    summary = kept_summary(record)
    summary.already_imported = True
    for account in summary.accounts:
        account.added, account.matched = 0, account.rows
    return ImportAnswer(record.id, record.name, ImportState(record.state), summary)


def digest_of(file: BinaryIO) -> tuple[bytes, int]:
    """Return the SHA-256 of a file and its size in bytes, and leave it at its beginning."""
    file.seek(0)
    digest = hashlib.sha256()
    while chunk := file.read(HASH_CHUNK_BYTES):
        digest.update(chunk)
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    return digest.digest(), size


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
