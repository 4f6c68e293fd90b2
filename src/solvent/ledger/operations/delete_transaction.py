"""Delete a transaction as a tombstone, and bring it back from the journal."""

from uuid import UUID

from solvent.kernel.errors import NotFound, Refusal
from solvent.ledger.domain import TransactionState
from solvent.ledger.operations.change_transaction import ReconciledTransaction
from solvent.ledger.operations.record_transaction import as_facts, check_accounts, from_journal
from solvent.ledger.store.transactions import Transactions
from solvent.runtime.edge.versions import check_version
from solvent.runtime.work import Work

DELETED = "transaction.deleted"


class NotDeleted(Refusal):
    """The transaction that is to come back is in the books."""

    code = "ledger.transaction_not_deleted"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("This transaction is not deleted.")


async def delete_transaction(work: Work, *, transaction: UUID, expected: int | None = None) -> None:
    """Take a transaction out of the books; its bank rows go on claiming it, so none comes back."""
    books = Transactions(work)
    row = await books.locked(transaction)
    if row.deleted_at is not None:
        raise NotFound("transaction")
    check_version(expected, row.version)
    if row.state == TransactionState.RECONCILED:
        raise ReconciledTransaction
    value = await books.value(row)
    seq = await work.journal.note(
        DELETED,
        subject=transaction,
        before=as_facts(value) | {"payee": row.payee, "memo": row.memo},
        visibility=[posting.account for posting in value.postings],
    )
    await books.delete(transaction, seq=seq)


async def restore_transaction(work: Work, *, transaction: UUID) -> None:
    """Bring a deleted transaction back as it was."""
    books = Transactions(work)
    row = await books.locked(transaction)
    if row.deleted_at is None:
        raise NotDeleted
    deletion = next(
        (record for record in await work.journal.of(transaction) if record.kind == DELETED), None
    )
    if deletion is None or deletion.before is None:
        raise NotFound("transaction")
    value = from_journal(deletion.before)
    await check_accounts(work, value)
    seq = await work.journal.note(
        "transaction.restored",
        subject=transaction,
        after=as_facts(value),
        visibility=[posting.account for posting in value.postings],
    )
    await books.restore(transaction, value, seq=seq)
