"""The closing balances that banks have stated, the latest for each account."""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class StatedBalance(NamedTuple):
    """What a bank says an account held at the end of a day."""

    account: UUID
    on: date
    amount_minor: int
    currency: str


class Closings:
    """The closing balances of the household that ``work`` is scoped to."""

    LATEST = sql("""
        select distinct on (account_id) account_id, on_day, amount_minor, currency
          from closing_balance where household_id = $1
         order by account_id, on_day desc, source_id desc
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def latest(self) -> list[StatedBalance]:
        """Return the latest stated balance of each account that has one."""
        return await self._work.fetch(StatedBalance, self.LATEST, self._work.household)
