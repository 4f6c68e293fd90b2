"""Take a transaction back by its mirror, which leaves both in the books."""

from uuid import UUID

from solvent.kernel.clock import local_day
from solvent.kernel.errors import NotFound
from solvent.ledger.operations.record_transaction import as_facts
from solvent.ledger.store.transactions import Transactions
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work


async def reverse_transaction(work: Work, *, transaction: UUID) -> UUID:
    """Post the mirror of ``transaction`` today and return the mirror's id."""
    books = Transactions(work)
    row = await books.locked(transaction)
    if row.deleted_at is not None:
        raise NotFound("transaction")
    original = await books.value(row)
    value = original.mirrored(on=local_day(work.clock, work.scope.time_zone))
    mirror = new_id()
    seq = await work.journal.note(
        "transaction.reversed",
        subject=transaction,
        after={"mirror": mirror} | as_facts(value),
        visibility=[posting.account for posting in value.postings],
    )
    await books.add(mirror, value, seq=seq, origin="reversal", payee=row.payee, memo=row.memo)
    return mirror
