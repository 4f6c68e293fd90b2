"""List households: a person's own, or all of an installation for its operator."""

from solvent.households.domain import Household, ListedHousehold
from solvent.households.store.households import Households, every_household
from solvent.runtime.database import VERIFIER, connect
from solvent.runtime.work import Work


async def list_households(work: Work) -> list[Household]:
    """Return the households of the person of ``work``, oldest first.

    A token that is for one household sees that one.
    """
    only = work.scope.only_household
    return [each for each in await Households(work).mine() if only in {None, each.id}]


async def list_every_household(address: str) -> list[ListedHousehold]:
    """Return all households of the database at ``address``, whose login may act as verifier."""
    connection = await connect(address, VERIFIER)
    try:
        return await every_household(connection)
    finally:
        await connection.close()
