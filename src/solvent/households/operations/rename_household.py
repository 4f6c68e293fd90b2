"""Give a household another name."""

from solvent.households.domain import checked_household_name
from solvent.households.store import Households
from solvent.runtime.work import Work


async def rename_household(work: Work, *, name: str) -> None:
    """Write the household's new name."""
    plain = checked_household_name(name)
    await work.journal.note("household.renamed", subject=work.household, after={"name": plain})
    await Households(work).rename(plain)
