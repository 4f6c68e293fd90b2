"""The rows of one household's files, as the bank wrote them."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from solvent.runtime.statements import sql
from solvent.runtime.work import Work

ROWS_LISTED_MAX = 1_000


@dataclass(frozen=True, slots=True)
class ItemRow:
    """One row of a file; ``transaction`` stands for it in the books unless ``withdrawn``."""

    ordinal: int
    line: int
    account: UUID
    booked_on: date
    amount_minor: int
    currency: str
    payee: str
    memo: str
    external_id: str
    state: str
    transaction: UUID
    added: bool
    withdrawn: bool


@dataclass(frozen=True, slots=True)
class SampleRow:
    """One of the first rows of a file, as it is shown before it is booked."""

    booked_on: date
    payee: str
    memo: str
    amount_minor: int
    currency: str


class Items:
    """The rows of the household that ``work`` is scoped to."""

    PAGE = sql("""
        select ordinal, line, account_id, booked_on, amount_minor, currency, payee, memo, external_id, state,
               transaction_id, added, withdrawn
          from source_item
         where household_id = $1 and source_id = $2 and ordinal > $3
         order by ordinal limit $4
    """)

    SAMPLE = sql("""
        select booked_on, payee, memo, amount_minor, currency from stage order by ordinal limit $1
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def page(self, source: UUID, *, after: int, limit: int) -> list[ItemRow]:
        """Return at most ``limit`` rows of ``source`` after the ordinal ``after``."""
        size = min(limit, ROWS_LISTED_MAX)
        return await self._work.fetch(ItemRow, self.PAGE, self._work.household, source, after, size)

    async def sample(self, count: int) -> list[SampleRow]:
        """Return the first ``count`` rows of the batch that is staged."""
        return await self._work.fetch(SampleRow, self.SAMPLE, count)
