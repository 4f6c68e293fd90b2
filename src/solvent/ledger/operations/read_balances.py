"""Read what accounts hold at the end of a day."""

from datetime import date
from uuid import UUID

from solvent.ledger.domain import BalanceRow
from solvent.ledger.store.balances import Balances
from solvent.runtime.work import Work


async def read_balances(work: Work, *, on: date) -> list[BalanceRow]:
    """Return every account's balance at the end of ``on``, a row for each of its currencies."""
    return await Balances(work).on_day(on)


async def read_account_balance(work: Work, *, account: UUID, currency: str, on: date) -> int:
    """Return one account's balance at the end of ``on``, in minor units of ``currency``."""
    return await Balances(work).of_account(account, currency, on)
