"""Open the books of a new household: the accounts that everyone begins with."""

from uuid import UUID

from solvent.ledger.domain import AccountKind, AccountRole
from solvent.ledger.store.accounts import Accounts
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work

SYSTEM_ACCOUNTS = (
    ("Opening balances", AccountKind.EQUITY, AccountRole.OPENING),
    ("Transfers", AccountKind.EQUITY, AccountRole.TRANSFERS),
    ("Currency exchange", AccountKind.EQUITY, AccountRole.EXCHANGE),
    ("Uncategorised", AccountKind.EXPENSE, AccountRole.UNCATEGORISED_EXPENSE),
    ("Uncategorised", AccountKind.INCOME, AccountRole.UNCATEGORISED_INCOME),
)

CATEGORIES: tuple[tuple[AccountKind, str, tuple[str, ...]], ...] = (
    (AccountKind.INCOME, "Salary", ()),
    (AccountKind.INCOME, "Interest", ()),
    (AccountKind.INCOME, "Other income", ()),
    (AccountKind.EXPENSE, "Housing", ("Rent", "Energy", "Water", "Internet", "Repairs")),
    (AccountKind.EXPENSE, "Food", ("Groceries", "Restaurants", "Coffee")),
    (AccountKind.EXPENSE, "Transport", ("Fuel", "Transit", "Car")),
    (AccountKind.EXPENSE, "Health", ("Doctor", "Pharmacy", "Fitness")),
    (AccountKind.EXPENSE, "Family", ("Childcare", "School", "Pets")),
    (AccountKind.EXPENSE, "Leisure", ("Subscriptions", "Books", "Hobbies", "Going out")),
    (AccountKind.EXPENSE, "Travel", ()),
    (AccountKind.EXPENSE, "Shopping", ("Clothes", "Electronics", "Household", "Gifts")),
    (AccountKind.EXPENSE, "Insurance", ()),
    (AccountKind.EXPENSE, "Fees and taxes", ()),
)


async def open_books(work: Work) -> None:
    """Make the system's accounts and a usual set of categories, as one change."""
    accounts = Accounts(work)
    seq = await work.journal.note("books.opened", after={"categories": len(CATEGORIES)})
    for name, kind, role in SYSTEM_ACCOUNTS:
        await accounts.add(new_id(), name=name, kind=kind, role=role, seq=seq)
    for kind, name, children in CATEGORIES:
        parent = await _add(accounts, name, kind, None, seq)
        for child in children:
            await _add(accounts, child, kind, parent, seq)


async def _add(
    accounts: Accounts, name: str, kind: AccountKind, parent: UUID | None, seq: int
) -> UUID:
    account = new_id()
    await accounts.add(account, name=name, kind=kind, parent=parent, seq=seq)
    return account
