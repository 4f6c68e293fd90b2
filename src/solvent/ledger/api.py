"""The ledger over HTTP: accounts, transactions, balances, payees, the journal."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Header, Query
from pydantic import BaseModel, Field
from starlette.responses import Response

from solvent.kernel.clock import local_day
from solvent.kernel.currency import Currency
from solvent.kernel.money import AMOUNT_MINOR_MAX
from solvent.ledger.domain import (
    PAGE_ROWS_MAX,
    POSTINGS_PER_TRANSACTION_MAX,
    TAGS_PER_TRANSACTION_MAX,
    AccountKind,
    AccountRow,
    BalanceRow,
    Leg,
    PayeeRow,
    TransactionState,
)
from solvent.ledger.operations.categorise_transactions import (
    CATEGORISED_AT_ONCE_MAX,
    categorise_transactions,
)
from solvent.ledger.operations.change_account import AccountChanges, change_account
from solvent.ledger.operations.change_payee import change_payee
from solvent.ledger.operations.change_transaction import TransactionChanges, change_transaction
from solvent.ledger.operations.delete_transaction import delete_transaction, restore_transaction
from solvent.ledger.operations.list_payees import list_payees
from solvent.ledger.operations.list_transactions import Asked, list_transactions
from solvent.ledger.operations.open_account import open_account
from solvent.ledger.operations.read_accounts import read_account, read_accounts
from solvent.ledger.operations.read_balances import read_balances
from solvent.ledger.operations.record_transaction import Statement, record_transaction
from solvent.ledger.operations.reverse_transaction import reverse_transaction
from solvent.ledger.operations.show_transaction import show_transaction
from solvent.runtime.edge.answers import JSON, json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.fields import Day, Line, Name
from solvent.runtime.edge.problems import declare
from solvent.runtime.edge.routes import CurrentWork, StandingRoute
from solvent.runtime.edge.versions import expected_version, resource_tag

declare(
    {
        "ledger.account_name_taken": 409,
        "ledger.category_unclear": 422,
        "ledger.currency_not_of_account": 422,
        "ledger.day_out_of_range": 422,
        "ledger.payee_name_taken": 409,
        "ledger.postings_out_of_range": 422,
        "ledger.transaction_not_balanced": 422,
        "ledger.transaction_not_deleted": 409,
        "ledger.transaction_reconciled": 409,
        "ledger.weight_missing": 422,
    }
)

router = APIRouter(
    prefix="/api/v1/households/{household}", tags=["ledger"], route_class=StandingRoute
)

Minor = Annotated[int, Field(ge=-AMOUNT_MINOR_MAX, le=AMOUNT_MINOR_MAX, strict=True)]
IfMatch = Annotated[str | None, Header(max_length=200)]
CurrencyCode = Annotated[str, Field(pattern="^[A-Z]{3}$")]


class AccountBody(BaseModel):
    """A new account or category; the opening balance of a debt is negative."""

    name: Name
    kind: AccountKind
    currency: CurrencyCode | None = None
    parent: UUID | None = None
    opening_balance_minor: Minor = 0
    opened_on: Day | None = None


class AccountPatch(BaseModel):
    """What is to be different about an account."""

    name: Name | None = None
    parent: UUID | None = None
    opened_on: Day | None = None
    closed_on: Day | None = None
    opening_balance_minor: Minor | None = None


class PayeePatch(BaseModel):
    """What is to be different about a payee."""

    name: Name | None = None
    category: UUID | None = None


class PostingBody(BaseModel):
    """An amount on an account; ``weight_minor`` is its value in the first posting's currency."""

    account: UUID
    amount_minor: Minor
    currency: CurrencyCode
    weight_minor: Minor | None = None

    def leg(self) -> Leg:
        """Return it as the domain states it."""
        return Leg(self.account, self.amount_minor, Currency.of(self.currency), self.weight_minor)


Postings = Annotated[list[PostingBody], Field(max_length=POSTINGS_PER_TRANSACTION_MAX)]
Tags = Annotated[list[Line], Field(max_length=TAGS_PER_TRANSACTION_MAX)]


class TransactionBody(BaseModel):
    """A new transaction: its postings sum to zero."""

    booked_on: Day
    payee: Line = ""
    memo: Line = ""
    tags: Tags = []
    state: TransactionState = TransactionState.BOOKED
    postings: Postings


class TransactionPatch(BaseModel):
    """What is to be different; ``category`` moves the one leg that is a category."""

    booked_on: Day | None = None
    payee: Line | None = None
    memo: Line | None = None
    tags: Tags | None = None
    state: TransactionState | None = None
    postings: Postings | None = None
    category: UUID | None = None


class CategoriseBody(BaseModel):
    """Which transactions get which category."""

    transactions: Annotated[list[UUID], Field(min_length=1, max_length=CATEGORISED_AT_ONCE_MAX)]
    category: UUID


class TransactionFilters(BaseModel):
    """Any of these may be given; ``payee`` is an id or a part of the name; days are inclusive."""

    account: UUID | None = None
    category: UUID | None = None
    payee: Line | None = None
    text: Line | None = None
    from_: Annotated[Day | None, Field(alias="from")] = None
    to: Day | None = None
    min_minor: Annotated[int | None, Field(ge=0, le=AMOUNT_MINOR_MAX)] = None
    max_minor: Annotated[int | None, Field(ge=0, le=AMOUNT_MINOR_MAX)] = None
    state: TransactionState | None = None
    tag: Line | None = None
    uncategorised: bool = False
    limit: Annotated[int, Field(ge=1, le=PAGE_ROWS_MAX)] = 100
    cursor: Annotated[Line | None, Field(max_length=200)] = None


@router.get("/accounts", response_model=None, responses=problems(401, 404, 422))
async def get_accounts(work: CurrentWork) -> Response:
    """List every account and category, by kind and path."""
    items = [_account(account) for account in await read_accounts(work)]
    return json_answer({"items": items, "next_cursor": None})


@router.post(
    "/accounts", status_code=201, response_model=None, responses=problems(401, 404, 409, 422)
)
async def post_account(body: AccountBody, work: CurrentWork) -> Response:
    """Open an account or a category."""
    account = await open_account(
        work,
        name=body.name,
        kind=body.kind,
        currency=None if body.currency is None else Currency.of(body.currency),
        parent=body.parent,
        opening_balance_minor=body.opening_balance_minor,
        opened_on=body.opened_on,
    )
    return json_answer(_account(account), 201, {"etag": resource_tag(account.version)})


@router.get("/accounts/{account}", response_model=None, responses=problems(401, 404, 422))
async def get_account(account: UUID, work: CurrentWork) -> Response:
    """Read one account."""
    found = await read_account(work, account=account)
    return json_answer(_account(found), headers={"etag": resource_tag(found.version)})


@router.patch(
    "/accounts/{account}", response_model=None, responses=problems(401, 404, 409, 412, 422)
)
async def patch_account(
    account: UUID, body: AccountPatch, work: CurrentWork, if_match: IfMatch = None
) -> Response:
    """Rename, move or close an account, or correct its opening balance."""
    changes = AccountChanges(
        body.name, body.parent, body.opened_on, body.closed_on, body.opening_balance_minor
    )
    changed = await change_account(
        work, account=account, changes=changes, expected=expected_version(if_match)
    )
    return json_answer(_account(changed), headers={"etag": resource_tag(changed.version)})


@router.get("/transactions", response_model=None, responses=problems(401, 404, 422))
async def get_transactions(
    work: CurrentWork, filters: Annotated[TransactionFilters, Query()]
) -> Response:
    """List transactions, newest first, by key; opening balances are not among them."""
    asked = Asked(
        account=filters.account,
        category=filters.category,
        payee=filters.payee,
        text=filters.text,
        first=filters.from_,
        last=filters.to,
        min_minor=filters.min_minor,
        max_minor=filters.max_minor,
        state=filters.state,
        tag=filters.tag,
        uncategorised=filters.uncategorised,
    )
    page = await list_transactions(work, asked=asked, cursor=filters.cursor, limit=filters.limit)
    return Response(page, media_type=JSON)


@router.post(
    "/transactions", status_code=201, response_model=None, responses=problems(401, 404, 409, 422)
)
async def post_transaction(body: TransactionBody, work: CurrentWork) -> Response:
    """Record a transaction."""
    transaction = await record_transaction(
        work,
        booked_on=body.booked_on,
        legs=tuple(posting.leg() for posting in body.postings),
        said=Statement(body.payee, body.memo, tuple(body.tags), body.state),
    )
    return await _transaction(work, transaction, status=201)


@router.post("/transactions/categorise", response_model=None, responses=problems(401, 404, 422))
async def post_categorise(body: CategoriseBody, work: CurrentWork) -> Response:
    """Give many transactions one category; those with several categories are refused by id."""
    done = await categorise_transactions(
        work, transactions=body.transactions, category=body.category
    )
    return json_answer(done)


@router.get("/transactions/{transaction}", response_model=None, responses=problems(401, 404, 422))
async def get_transaction(transaction: UUID, work: CurrentWork) -> Response:
    """Read one transaction; its ETag is the seq of its last change."""
    return await _transaction(work, transaction)


@router.patch(
    "/transactions/{transaction}",
    response_model=None,
    responses=problems(401, 404, 409, 412, 422),
)
async def patch_transaction(
    transaction: UUID, body: TransactionPatch, work: CurrentWork, if_match: IfMatch = None
) -> Response:
    """Change any part of a transaction."""
    changes = TransactionChanges(
        booked_on=body.booked_on,
        payee=body.payee,
        memo=body.memo,
        tags=None if body.tags is None else tuple(body.tags),
        state=body.state,
        legs=None if body.postings is None else tuple(posting.leg() for posting in body.postings),
        category=body.category,
    )
    await change_transaction(
        work, transaction=transaction, changes=changes, expected=expected_version(if_match)
    )
    return await _transaction(work, transaction)


@router.delete(
    "/transactions/{transaction}", status_code=204, responses=problems(401, 404, 409, 412, 422)
)
async def remove_transaction(
    transaction: UUID, work: CurrentWork, if_match: IfMatch = None
) -> Response:
    """Take a transaction out of the books; it can be restored."""
    await delete_transaction(work, transaction=transaction, expected=expected_version(if_match))
    return Response(status_code=204)


@router.post(
    "/transactions/{transaction}/restore",
    response_model=None,
    responses=problems(401, 404, 409, 422),
)
async def post_restore(transaction: UUID, work: CurrentWork) -> Response:
    """Bring a deleted transaction back."""
    await restore_transaction(work, transaction=transaction)
    return await _transaction(work, transaction)


@router.post(
    "/transactions/{transaction}/reversal",
    status_code=201,
    response_model=None,
    responses=problems(401, 404, 409, 422),
)
async def post_reversal(transaction: UUID, work: CurrentWork) -> Response:
    """Undo a transaction by posting its mirror."""
    mirror = await reverse_transaction(work, transaction=transaction)
    return await _transaction(work, mirror, status=201)


@router.get("/payees", response_model=None, responses=problems(401, 404, 422))
async def get_payees(
    work: CurrentWork,
    text: Line = "",
    limit: Annotated[int, Query(ge=1, le=PAGE_ROWS_MAX)] = 100,
) -> Response:
    """List payees whose name holds ``text``, with the category remembered for each."""
    payees = await list_payees(work, text=text, limit=limit)
    return json_answer({"items": [_payee(payee) for payee in payees], "next_cursor": None})


@router.patch("/payees/{payee}", response_model=None, responses=problems(401, 404, 409, 422))
async def patch_payee(payee: UUID, body: PayeePatch, work: CurrentWork) -> Response:
    """Rename a payee, or set the category that its next transactions will have."""
    changed = await change_payee(work, payee=payee, name=body.name, category=body.category)
    return json_answer(_payee(changed))


@router.get("/balances", response_model=None, responses=problems(401, 404, 422))
async def get_balances(work: CurrentWork, on: Day | None = None) -> Response:
    """Read every account's balance at the end of a day, today unless told."""
    day = on or local_day(work.clock, work.scope.time_zone)
    return json_answer([_balance(row) for row in await read_balances(work, on=day)])


async def _transaction(work: CurrentWork, transaction: UUID, *, status: int = 200) -> Response:
    found = await show_transaction(work, transaction=transaction)
    return Response(found.json, status, {"etag": resource_tag(found.version)}, media_type=JSON)


def _account(account: AccountRow) -> dict[str, object]:
    return {
        "id": account.id,
        "parent": account.parent,
        "name": account.name,
        "path": account.path,
        "kind": account.kind,
        "currency": account.currency,
        "role": account.role,
        "opened_on": account.opened_on,
        "closed_on": account.closed_on,
        "version": account.version,
    }


def _balance(row: BalanceRow) -> dict[str, object]:
    return {
        "account": row.account,
        "kind": row.kind,
        "currency": row.currency,
        "amount_minor": row.amount_minor,
    }


def _payee(payee: PayeeRow) -> dict[str, object]:
    return {"id": payee.id, "name": payee.name, "category": payee.category}
