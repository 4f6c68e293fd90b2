"""Register a person."""

from solvent.identity.domain import EmailTaken, Person, checked_name, normal_email
from solvent.identity.letters import Letters
from solvent.identity.operations.send_link import send_link
from solvent.identity.store.links import LinkPurpose
from solvent.identity.store.people import People
from solvent.runtime.ids import new_id
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def register_person(
    work: Work,
    *,
    email: str,
    name: str,
    password: PasswordHash,
    locale: str = "en",
    letters: Letters | None = None,
    awaits_mail: bool = False,
) -> Person:
    """Add a person who may then log in; refuse a known address.

    With ``letters`` they are asked to verify it, and one who ``awaits_mail`` cannot log in before.
    Without, whoever runs this machine vouches for them.
    """
    vouched = letters is None
    person = Person(new_id(), normal_email(email), checked_name(name), locale, verified=vouched)
    at = work.clock.now()
    if not await People(work).add(person, password, at=at, awaits_mail=awaits_mail):
        raise EmailTaken
    if letters is not None:
        await send_link(work, letters, person=person, purpose=LinkPurpose.VERIFY)
    work.security.note(SecurityKind.PERSON_REGISTERED, person=person.id)
    return person
