"""Check whether each account's books agree with the latest balance that its bank has stated."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from solvent.intake.store.closings import Closings
from solvent.ledger.operations.read_balances import read_account_balance
from solvent.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Tie:
    """An account against its bank; ``gap_minor`` is the bank's balance less the books'."""

    account: UUID
    on: date
    gap_minor: int

    @property
    def ties(self) -> bool:
        """Whether the books agree with the bank."""
        return self.gap_minor == 0


async def check_ties(work: Work) -> dict[UUID, Tie]:
    """Return a tie for each account that a bank has stated a balance of."""
    ties: dict[UUID, Tie] = {}
    for stated in await Closings(work).latest():
        held = await read_account_balance(
            work, account=stated.account, currency=stated.currency, on=stated.on
        )
        ties[stated.account] = Tie(stated.account, stated.on, stated.amount_minor - held)
    return ties
