"""The jobs of the ledger: entering an import's memos for the search."""

from solvent.ledger.operations.index_memos import index_memos
from solvent.ledger.operations.owe_memos import INDEX_MEMOS, OwedMemos
from solvent.runtime.jobs.kinds import JobKind
from solvent.runtime.work import Works


async def _index(works: Works, payload: OwedMemos) -> None:
    """Enter all that is owed, each batch in a work of its own, so that writers never wait long."""
    left = True
    while left:
        async with works.for_machine(payload.household, cause=INDEX_MEMOS) as work:
            left = await index_memos(work)


MEMOS = JobKind(INDEX_MEMOS, OwedMemos, _index)

KINDS = (MEMOS,)
