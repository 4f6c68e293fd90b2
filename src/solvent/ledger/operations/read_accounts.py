"""Read the account tree, or one account of it."""

from uuid import UUID

from solvent.ledger.domain import AccountRow
from solvent.ledger.store.accounts import Accounts
from solvent.runtime.work import Work


async def read_accounts(work: Work) -> list[AccountRow]:
    """Return every account and category, by kind and path."""
    return await Accounts(work).tree()


async def read_account(work: Work, *, account: UUID) -> AccountRow:
    """Return one account; refuse when it is not there."""
    return await Accounts(work).one(account)
