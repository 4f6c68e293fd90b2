"""Look at a kept file again, with the answers that a person has given to its questions."""

from dataclasses import replace
from uuid import UUID

import msgspec

from solvent.intake.domain import ImportState, NotPreviewed
from solvent.intake.operations.commit_import import kept_file, kept_mapping
from solvent.intake.operations.import_file import ImportAnswer, Upload, look_at_file
from solvent.intake.store.sources import Sources
from solvent.runtime.work import Work


async def preview_again(
    work: Work,
    *,
    source: UUID,
    account: UUID | None = None,
    mapping: dict[str, object] | None = None,
    new_account: bool = False,
) -> ImportAnswer:
    """Read the file with ``mapping`` added to what was told before, and keep the new preview."""
    sources = Sources(work)
    record = await sources.locked(source)
    if record.state != ImportState.PREVIEWED:
        raise NotPreviewed(record.state)
    told = (kept_mapping(record) or {}) | (mapping or {})
    own = account or record.account
    async with kept_file(work, source) as file:
        upload = Upload(file, record.name, own, told or None, new_account=new_account)
        answer, _, _ = await look_at_file(work, source, upload, None)
    summary = replace(answer.summary, new_account=new_account)
    await sources.answer(
        source,
        account=own,
        mapping=msgspec.json.encode(told).decode() if told else None,
        preview=msgspec.json.encode(summary).decode(),
    )
    return replace(answer, summary=summary)
