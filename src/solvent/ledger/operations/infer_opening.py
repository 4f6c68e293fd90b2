"""Infer an account's opening balance from its bank's first statement, and keep it true.

The statement says what the account held when its first day began. Rows from before that day may come
later, from older files: each is taken off the opening balance, so that what the account holds from
that day on does not change.
"""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from solvent.kernel.currency import Currency
from solvent.ledger.operations.open_account import post_opening
from solvent.ledger.store.accounts import Accounts
from solvent.runtime.work import Work


async def infer_opening(work: Work, *, account: UUID, minor: int, on: date) -> None:
    """Remember that ``account`` held ``minor`` units when ``on`` began, and open it with that."""
    await Accounts(work).infer(account, minor=minor, on=on)
    await keep_openings(work, accounts=[account])


async def keep_openings(work: Work, *, accounts: Sequence[UUID]) -> None:
    """Post again the inferred opening balances of ``accounts``; stated ones stay as they are."""
    for opening in await Accounts(work).inferred(list(accounts)):
        await post_opening(
            work,
            account=opening.account,
            currency=Currency.of(opening.currency),
            minor=opening.minor,
            on=opening.on,
            seq=work.scope.seq,
        )
