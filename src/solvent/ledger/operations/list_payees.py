"""List payees by a part of their name."""

from solvent.ledger.domain import PayeeRow
from solvent.ledger.store.payees import Payees
from solvent.runtime.work import Work


async def list_payees(work: Work, *, text: str = "", limit: int = 100) -> list[PayeeRow]:
    """Return at most ``limit`` payees whose name holds ``text``, by name."""
    return await Payees(work).like(text, limit=limit)
