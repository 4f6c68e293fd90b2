"""Register a person."""

from solvent.identity.domain import EmailTaken, Person, checked_name, normal_email
from solvent.identity.store.people import People
from solvent.runtime.ids import new_id
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def register_person(
    work: Work, *, email: str, name: str, password: PasswordHash, locale: str = "en"
) -> Person:
    """Add a person who may then log in; refuse a known address."""
    person = Person(new_id(), normal_email(email), checked_name(name), locale)
    if not await People(work).add(person, password, at=work.clock.now()):
        raise EmailTaken
    work.security.note(SecurityKind.PERSON_REGISTERED, person=person.id)
    return person
