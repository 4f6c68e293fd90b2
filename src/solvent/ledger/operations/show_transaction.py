"""Show one transaction as the list does."""

from uuid import UUID

from solvent.kernel.errors import NotFound
from solvent.ledger.store.listing import ListedItem, Listing
from solvent.runtime.work import Work


async def show_transaction(work: Work, *, transaction: UUID) -> ListedItem:
    """Return one transaction with its JSON and version; refuse when it is not in the books."""
    found = await Listing(work).one(transaction)
    if found is None:
        raise NotFound("transaction")
    return found
