"""Sign up: a person and their first household, both or neither."""

from solvent.households.domain import NewHousehold, SignedUp
from solvent.households.operations.create_household import OpenBooks, create_household
from solvent.identity.letters import Letters
from solvent.identity.operations.register_person import register_person
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.work import Work


async def sign_up(
    work: Work,
    *,
    email: str,
    name: str,
    password: PasswordHash,
    household: NewHousehold,
    open_books: OpenBooks,
    locale: str = "en",
    letters: Letters | None = None,
    awaits_mail: bool = False,
) -> SignedUp:
    """Register a person and make the household that they own; refuse a known address.

    ``password`` comes from ``choose_password``; with ``letters`` the person is asked to verify their
    address, and cannot log in before if they ``awaits_mail``. ``work`` is scoped to the household
    afterwards.
    """
    person = await register_person(
        work,
        email=email,
        name=name,
        password=password,
        locale=locale,
        letters=letters,
        awaits_mail=awaits_mail,
    )
    made = await create_household(work, household=household, owner=person.id, open_books=open_books)
    return SignedUp(person, made)
