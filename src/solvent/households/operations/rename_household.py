"""Give a household another name."""

from solvent.households.domain import checked_household_name
from solvent.households.operations.require_owner import require_owner
from solvent.households.store.households import Households
from solvent.runtime.work import Work


async def rename_household(work: Work, *, name: str) -> None:
    """Write the household's new name; owners only."""
    require_owner(work, proof=False)
    plain = checked_household_name(name)
    await work.journal.note("household.renamed", subject=work.household, after={"name": plain})
    await Households(work).rename(plain)
