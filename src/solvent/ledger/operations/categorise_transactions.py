"""Give many transactions one category, in one change."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from uuid import UUID

from solvent.kernel.access import Level
from solvent.kernel.errors import BadValue, NotAllowed, NotFound, Refusal
from solvent.ledger.domain import AccountKind, AccountRow, CurrencyNotOfAccount
from solvent.ledger.operations.change_transaction import CategoryUnclear
from solvent.ledger.store.accounts import Accounts
from solvent.ledger.store.payees import Payees
from solvent.ledger.store.transactions import LegRow, Transactions
from solvent.runtime.work import BEYOND, Work

CATEGORISED_AT_ONCE_MAX = 1_000
LEGS_OF_A_TRANSFER = 2


@dataclass(frozen=True, slots=True)
class Refused:
    """A transaction that was left as it is, and why."""

    transaction: UUID
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class Categorised:
    """What became of the transactions: how many have moved, which were refused."""

    moved: int
    refused: list[Refused]


async def categorise_transactions(
    work: Work, *, transactions: list[UUID], category: UUID
) -> Categorised:
    """Move the one category leg of each of ``transactions`` to ``category``.

    Their payees remember it. A transaction that has several categories is refused, and the others
    go on; the journal keeps one record, with the category that each one had.
    """
    if len(transactions) > CATEGORISED_AT_ONCE_MAX:
        raise BadValue(
            f"At most {CATEGORISED_AT_ONCE_MAX} transactions are categorised at once.",
            field="transactions",
        )
    work.require_level(Level.EDIT)
    await work.journal.hold()
    tree = {account.id: account for account in await Accounts(work).tree()}
    if category not in tree:
        raise NotFound("category")
    asked = list(dict.fromkeys(transactions))
    if AccountKind(tree[category].kind).holds_money and (
        work.scope.access.level(category) < Level.EDIT
    ):
        raise NotAllowed(BEYOND)
    books = Transactions(work)
    every = await books.legs(asked)
    legs = _category_legs(every, tree)
    beyond = await books.below([key for key in asked if key in legs], Level.EDIT)
    refused = [Refused(key, NotAllowed.code, BEYOND) for key in asked if key in beyond]
    refused += _refused([key for key in asked if key not in beyond], legs, tree[category])
    left = {refusal.transaction for refusal in refused}
    taken = [leg for leg in legs.values() if leg is not None and leg.transaction not in left]
    moving = [leg for leg in taken if leg.account != category]
    if taken:
        chosen = {leg.transaction for leg in moving}
        touched = {leg.account for leg in every if leg.transaction in chosen}
        await _move(work, taken, moving, category, sorted(touched))
    return Categorised(len(moving), refused)


def _category_legs(legs: list[LegRow], tree: dict[UUID, AccountRow]) -> dict[UUID, LegRow | None]:
    """Return the leg that says each transaction's category, None where none does or several do.

    It is the only one on an account that holds no money; for a transfer, the second of two.
    """
    money = {account.id for account in tree.values() if AccountKind(account.kind).holds_money}
    found: dict[UUID, LegRow | None] = {}
    for transaction, group in groupby(legs, key=attrgetter("transaction")):
        own = list(group)
        places = [leg for leg in own if leg.account not in money]
        if not places and len(own) == LEGS_OF_A_TRANSFER:
            places = own[1:]
        found[transaction] = places[0] if len(places) == 1 else None
    return found


async def _move(
    work: Work, taken: list[LegRow], moving: list[LegRow], category: UUID, touched: list[UUID]
) -> None:
    """Move ``moving``, and remember the category for the payees of all that were ``taken``.

    ``touched`` are all accounts of the transactions that change.
    """
    before: defaultdict[UUID, list[UUID]] = defaultdict(list)
    for leg in moving:
        before[leg.account].append(leg.transaction)
    seq = await work.journal.note(
        "transactions.categorised",
        subject=category,
        before={"categories": before},
        after={"category": category},
        visibility=[category, *touched],
    )
    if moving:
        await Transactions(work).move_legs(moving, category, seq=seq)
    payees = {leg.payee for leg in taken if leg.payee is not None}
    await Payees(work).remember_all(sorted(payees), category, seq=seq)


def _refused(
    asked: list[UUID], legs: dict[UUID, LegRow | None], category: AccountRow
) -> list[Refused]:
    """Return what is not there, what has several categories, what is kept in another currency."""
    kept_in = category.currency if AccountKind(category.kind).holds_money else None
    refused: list[Refused] = []
    for transaction in asked:
        leg = legs.get(transaction)
        if leg is not None and (kept_in is None or leg.currency == kept_in):
            continue
        if leg is not None:
            why: Refusal = CurrencyNotOfAccount(account=category.name, currency=kept_in or "")
        elif transaction in legs:
            why = CategoryUnclear()
        else:
            why = NotFound("transaction")
        refused.append(Refused(transaction, why.code, why.message))
    return refused
