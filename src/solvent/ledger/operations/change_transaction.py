"""Change a transaction: any part of it, under the version that was read."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from solvent.kernel.access import Level
from solvent.kernel.errors import BadValue, NotFound, Refusal
from solvent.ledger.domain import (
    AccountKind,
    AccountRow,
    Leg,
    Posting,
    Transaction,
    TransactionState,
    weigh,
)
from solvent.ledger.operations.name_payee import name_payee
from solvent.ledger.operations.record_transaction import (
    as_facts,
    check_accounts,
    check_memo,
    check_tags,
)
from solvent.ledger.store.accounts import Accounts
from solvent.ledger.store.payees import Payees
from solvent.ledger.store.transactions import TransactionRow, Transactions
from solvent.runtime.edge.versions import check_version
from solvent.runtime.work import Work


class ReconciledTransaction(Refusal):
    """A reconciled transaction is to change in what was reconciled."""

    code = "ledger.transaction_reconciled"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This transaction is reconciled. Set its state back to booked before changing its "
            "day or its amounts."
        )


class CategoryUnclear(Refusal):
    """One category is given for a transaction that has none or several."""

    code = "ledger.category_unclear"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This transaction does not have exactly one category; change its postings instead."
        )


@dataclass(frozen=True, slots=True)
class TransactionChanges:
    """What is to be different; a field left at None stays.

    ``category`` moves the one leg that is a category (or stands in for one) to another account.
    """

    booked_on: date | None = None
    payee: str | None = None
    memo: str | None = None
    tags: tuple[str, ...] | None = None
    state: TransactionState | None = None
    legs: tuple[Leg, ...] | None = None
    category: UUID | None = None

    @property
    def annotate_only(self) -> bool:
        """Whether only the memo and the tags are to be different."""
        return self == TransactionChanges(memo=self.memo, tags=self.tags)


async def change_transaction(
    work: Work, *, transaction: UUID, changes: TransactionChanges, expected: int | None = None
) -> None:
    """Apply ``changes``; ``expected`` is the version that was read. Remember the category given."""
    books = Transactions(work)
    level = Level.ANNOTATE if changes.annotate_only else Level.EDIT
    old = await books.locked(transaction, level=level)
    if old.deleted_at is not None:
        raise NotFound("transaction")
    check_version(expected, old.version)
    before = await books.value(old)
    after = await _new_value(work, before, changes)
    _check_reconciled(old, before, after, changes)
    new = await _new_row(work, old, after, changes)
    tags_before = await books.tags(transaction)
    seq = await work.journal.note(
        "transaction.changed",
        subject=transaction,
        before=as_facts(before) | _row_facts(old, tags_before),
        after=as_facts(after)
        | _row_facts(new, tags_before if changes.tags is None else list(changes.tags)),
        visibility=[p.account for p in (*before.postings, *after.postings)],
    )
    if after.postings == before.postings:
        await books.change(new, seq=seq)
    else:  # the old postings need not fit the new day and currency
        await books.remove_postings(transaction)
        await books.change(new, seq=seq)
        await books.add_postings(transaction, after)
    if changes.tags is not None:
        await books.set_tags(transaction, check_tags(changes.tags))
    if changes.category is not None and new.payee is not None:
        await _remember(work, new.payee, changes.category, seq)


async def _new_value(work: Work, before: Transaction, changes: TransactionChanges) -> Transaction:
    if changes.legs is not None and changes.category is not None:
        raise BadValue("Give either the postings or a category.", field="category")
    day = changes.booked_on or before.booked_on
    if changes.legs is not None:
        after = weigh(day, changes.legs)
        await check_accounts(work, after)
        return after
    if changes.category is None:
        return Transaction(day, before.currency, before.postings)
    accounts = {account.id: account for account in await Accounts(work).tree()}
    if changes.category not in accounts:
        raise NotFound("category")
    postings = recategorised(before, changes.category, accounts)
    after = Transaction(day, before.currency, postings)
    await check_accounts(work, after)
    return after


async def _remember(work: Work, payee: UUID, category: UUID, seq: int) -> None:
    """Offer ``category`` for the payee's next rows; a transfer's other account is no category."""
    if AccountKind((await Accounts(work).one(category)).kind).is_category:
        await Payees(work).remember(payee, category, seq=seq)


def recategorised(
    before: Transaction, category: UUID, accounts: dict[UUID, AccountRow]
) -> tuple[Posting, ...]:
    """Return the postings of ``before`` with its one category leg moved to ``category``.

    The leg is the only one on an account that holds no money; for a transfer, the second of two.
    """
    places = [
        place
        for place, posting in enumerate(before.postings)
        if not AccountKind(accounts[posting.account].kind).holds_money
    ]
    if not places and len(before.postings) == 2:  # noqa: PLR2004 - a transfer has two
        places = [1]
    if len(places) != 1:
        raise CategoryUnclear
    postings = list(before.postings)
    postings[places[0]] = replace(postings[places[0]], account=category)
    return tuple(postings)


async def _new_row(
    work: Work, old: TransactionRow, after: Transaction, changes: TransactionChanges
) -> TransactionRow:
    payee = (
        old.payee
        if changes.payee is None
        else await name_payee(
            work, name=changes.payee, visibility=[p.account for p in after.postings]
        )
    )
    memo = old.memo if changes.memo is None else changes.memo
    check_memo(memo)
    return replace(
        old,
        booked_on=after.booked_on,
        currency=after.currency.code,
        payee=payee,
        memo=memo,
        state=changes.state or old.state,
    )


def _check_reconciled(
    old: TransactionRow, before: Transaction, after: Transaction, changes: TransactionChanges
) -> None:
    """Refuse another day or other amounts for a reconciled one; its category may change."""
    if old.state != TransactionState.RECONCILED or changes.state is not None:
        return
    amounts = [(p.amount_minor, p.currency) for p in before.postings]
    if before.booked_on != after.booked_on or amounts != [
        (p.amount_minor, p.currency) for p in after.postings
    ]:
        raise ReconciledTransaction


def _row_facts(row: TransactionRow, tags: list[str]) -> dict[str, object]:
    return {"payee": row.payee, "memo": row.memo, "state": row.state, "tags": tags}
