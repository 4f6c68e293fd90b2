"""The rows of an import as the bank wrote them, a page at a time, with what stands for each."""

from uuid import UUID

from solvent.intake.store.items import ItemRow, Items
from solvent.intake.store.sources import Sources
from solvent.runtime.work import Work


async def list_rows(work: Work, *, source: UUID, after: int, limit: int) -> list[ItemRow]:
    """Return at most ``limit`` rows after the ordinal ``after``; refuse an unknown import."""
    await Sources(work).one(source)
    return await Items(work).page(source, after=after, limit=limit)
