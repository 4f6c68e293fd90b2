"""Read the person who is asking."""

from solvent.identity.domain import Person
from solvent.identity.store.people import People
from solvent.runtime.scope import NotLoggedIn
from solvent.runtime.work import Work


async def read_person(work: Work) -> Person:
    """Return the person of ``work``; refuse when they have gone meanwhile."""
    person = await People(work).one(work.person)
    if person is None:
        raise NotLoggedIn
    return person
