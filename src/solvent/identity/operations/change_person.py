"""Change what a person is called and the language they read."""

from dataclasses import replace

from solvent.identity.domain import Person, checked_name
from solvent.identity.operations.read_person import read_person
from solvent.identity.store.people import People
from solvent.runtime.work import Work


async def change_person(
    work: Work, *, name: str | None = None, locale: str | None = None
) -> Person:
    """Write the person's new name or language, and return them."""
    person = await read_person(work)
    changed = replace(
        person,
        name=person.name if name is None else checked_name(name),
        locale=locale or person.locale,
    )
    await People(work).change(changed)
    return changed
