"""Write a transaction that a person states."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import msgspec

from solvent.kernel.access import Level
from solvent.kernel.currency import Currency
from solvent.kernel.errors import BadValue, NotAllowed, NotFound
from solvent.ledger.domain import (
    MEMO_CHARS_MAX,
    TAGS_PER_TRANSACTION_MAX,
    AccountKind,
    CurrencyNotOfAccount,
    Leg,
    Transaction,
    TransactionState,
    weigh,
)
from solvent.ledger.operations.name_payee import name_payee
from solvent.ledger.store.accounts import Accounts
from solvent.ledger.store.transactions import Transactions
from solvent.runtime.ids import new_id
from solvent.runtime.work import BEYOND, Work

TAG_CHARS_MAX = 100


@dataclass(frozen=True, slots=True)
class Statement:
    """What a person says of a transaction besides its postings."""

    payee: str = ""
    memo: str = ""
    tags: tuple[str, ...] = ()
    state: TransactionState = TransactionState.BOOKED


async def record_transaction(
    work: Work, *, booked_on: date, legs: tuple[Leg, ...], said: Statement
) -> UUID:
    """Post the transaction that ``legs`` state and return its id."""
    value = weigh(booked_on, legs)
    await check_accounts(work, value)
    check_memo(said.memo)
    touched = [posting.account for posting in value.postings]
    payee = await name_payee(work, name=said.payee, visibility=touched)
    transaction = new_id()
    seq = await work.journal.note(
        "transaction.recorded",
        subject=transaction,
        after=as_facts(value) | {"payee": payee, "memo": said.memo, "tags": list(said.tags)},
        visibility=touched,
    )
    books = Transactions(work)
    await books.add(
        transaction,
        value,
        seq=seq,
        origin="manual",
        payee=payee,
        memo=said.memo,
        state=said.state,
    )
    if said.tags:
        await books.set_tags(transaction, check_tags(said.tags))
    return transaction


async def check_accounts(work: Work, value: Transaction) -> None:
    """Refuse a posting on an account that is not there or not to be edited, or in another currency."""
    work.require_level(Level.EDIT)
    accounts = {account.id: account for account in await Accounts(work).tree()}
    for posting in value.postings:
        account = accounts.get(posting.account)
        if account is None:
            raise NotFound("account")
        holds_money = AccountKind(account.kind).holds_money
        if holds_money and work.scope.access.level(account.id) < Level.EDIT:
            raise NotAllowed(BEYOND)
        kept_in = account.currency if holds_money else None
        if kept_in is not None and kept_in != posting.currency.code:
            raise CurrencyNotOfAccount(account=account.name, currency=kept_in)


def check_memo(memo: str) -> None:
    """Refuse a memo that is too long."""
    if len(memo) > MEMO_CHARS_MAX:
        raise BadValue(f"A memo has at most {MEMO_CHARS_MAX} characters.", field="memo")


def check_tags(tags: tuple[str, ...]) -> list[tuple[UUID, str]]:
    """Return the distinct names of ``tags``, each with an id for when it is new."""
    names = {" ".join(tag.split()) for tag in tags}
    if len(names) > TAGS_PER_TRANSACTION_MAX or any(
        not 0 < len(name) <= TAG_CHARS_MAX for name in names
    ):
        raise BadValue(
            f"A transaction has at most {TAGS_PER_TRANSACTION_MAX} tags of 1 to {TAG_CHARS_MAX} "
            "characters.",
            field="tags",
        )
    return [(new_id(), name) for name in sorted(names)]


def as_facts(value: Transaction) -> dict[str, object]:
    """Write a transaction as the journal keeps it."""
    return {
        "booked_on": value.booked_on,
        "currency": value.currency.code,
        "postings": [
            [p.account, p.amount_minor, p.currency.code, p.weight_minor] for p in value.postings
        ],
    }


class _Kept(msgspec.Struct):
    """What :func:`as_facts` wrote, as JSON brings it back."""

    booked_on: date
    postings: list[tuple[UUID, int, str, int]]


def from_journal(text: str) -> Transaction:
    """Read back the transaction that a journal record keeps."""
    kept = msgspec.json.decode(text, type=_Kept)
    return weigh(
        kept.booked_on,
        tuple(
            Leg(account, amount, Currency.of(currency), weight)
            for account, amount, currency, weight in kept.postings
        ),
    )
