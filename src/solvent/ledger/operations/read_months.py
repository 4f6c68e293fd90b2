"""Read what accounts moved, month by month, from the sums that the database keeps."""

from collections.abc import Sequence
from datetime import date

from solvent.ledger.domain import AccountKind, MonthRow, MonthsRow
from solvent.ledger.store.balances import Balances
from solvent.runtime.work import Work


async def read_months(
    work: Work, *, kinds: Sequence[AccountKind], first: date, last: date
) -> list[MonthsRow]:
    """Return what accounts of ``kinds`` moved in the months from ``first`` to ``last``."""
    return await Balances(work).by_month([kind.value for kind in kinds], first, last)


async def read_before(work: Work, *, kinds: Sequence[AccountKind], month: date) -> list[MonthRow]:
    """Return what accounts of ``kinds`` held before ``month``, dated as ``month``."""
    return await Balances(work).before([kind.value for kind in kinds], month)


async def read_span(work: Work) -> tuple[date, date] | None:
    """Return the first and the last month with any posting, or None for empty books."""
    return await Balances(work).span()
