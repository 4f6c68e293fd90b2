"""Create a household: its owner, its journal, and the books it begins with."""

from collections.abc import Awaitable, Callable
from typing import TypeAlias
from uuid import UUID

from solvent.households.domain import OWNER, Household, NewHousehold
from solvent.households.store.households import Households
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work

OpenBooks: TypeAlias = Callable[[Work], Awaitable[None]]
"""Port: makes what every household's books begin with, in a work scoped to it."""


async def create_household(
    work: Work, *, household: NewHousehold, owner: UUID, open_books: OpenBooks
) -> Household:
    """Make a household that belongs to ``owner``; ``work`` is scoped to it afterwards."""
    id_ = new_id()
    await work.enter_household(id_, person=owner)
    households = Households(work)
    await households.add(household)
    await households.add_member(owner, role=OWNER)
    await work.enter_household(id_)  # once more: now its currency and zone can be read
    after = {"name": household.name, "base_currency": household.base_currency}
    await work.journal.note("household.created", subject=id_, after=after)
    await open_books(work)
    return Household(id_, household.name, OWNER, household.base_currency)
