"""Read the dated exchange rates that everyone shares."""

from collections.abc import Iterable, Sequence
from datetime import date

from solvent.ledger.domain import RateTable
from solvent.ledger.store.rates import Rates
from solvent.runtime.work import Work


async def read_rates(work: Work, *, currencies: Iterable[str], days: Sequence[date]) -> RateTable:
    """Return the rates of ``currencies`` (ISO 4217) for ``days``, each the newest by then."""
    return await Rates(work).table(currencies, days)
