"""Sum what kinds of accounts moved between two days, and count what waits for a category."""

from collections.abc import Sequence
from datetime import date

from solvent.ledger.domain import AccountKind
from solvent.ledger.store.flows import FlowRow, Flows
from solvent.runtime.work import Work


async def sum_flows(
    work: Work, *, kinds: Sequence[AccountKind], first: date, last: date
) -> list[FlowRow]:
    """Return what accounts of ``kinds`` moved, by kind and currency; both days included."""
    return await Flows(work).between([kind.value for kind in kinds], first, last)


async def count_uncategorised(work: Work) -> int:
    """Return how many postings wait for a category; a thousand stands for a thousand or more."""
    return await Flows(work).uncategorised()
