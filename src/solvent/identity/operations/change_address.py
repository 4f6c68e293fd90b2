"""Change a person's address: confirmed at the new one, told to the old one."""

from solvent.identity.domain import LinkRefused, TooManyAttempts, normal_email
from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.operations.read_person import read_person
from solvent.identity.operations.send_link import send_link
from solvent.identity.operations.warn_owner import warn_owner
from solvent.identity.store.failures import Failures
from solvent.identity.store.links import LinkPurpose, Links
from solvent.identity.store.people import People
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work

CAUSE = "address"
RATE = Rate(5, 3_600)


async def change_address(work: Work, letters: Letters, *, email: str) -> None:
    """Write to the new address; it is taken when the link there is opened.

    An address that somebody else has gets the same answer, and its owner another letter.
    """
    require_recent_proof(work)
    new = normal_email(email)
    person = await read_person(work)
    if new == person.email:
        return
    asked = Failures(work, CAUSE, str(person.id))
    wait_s = await asked.wait_s(RATE)
    if wait_s:
        raise TooManyAttempts(retry_after_s=wait_s)
    await asked.add()
    if await People(work).by_email(new) is not None:
        await warn_owner(work, letters, email=new)
        return
    await Links(work).forget(person.id, LinkPurpose.CHANGE)
    await send_link(work, letters, person=person, purpose=LinkPurpose.CHANGE, to=new)


async def confirm_address(work: Work, letters: Letters, *, token: str) -> None:
    """Take the address of the link of ``token``, and tell the one before."""
    used = await Links(work).spend(token_digest(token), LinkPurpose.CHANGE)
    people = People(work)
    person = None if used is None else await people.one(used.person)
    if used is None or person is None:
        raise LinkRefused
    if not await people.move(person.id, email=used.email, at=work.clock.now()):
        raise LinkRefused
    # A link to the old address must not open the account any more.
    await Links(work).forget(person.id, LinkPurpose.RESET, LinkPurpose.VERIFY)
    notice = Letter(
        kind=LetterKind.ADDRESS_CHANGED, to=person.email, locale=person.locale, path="/log-in"
    )
    await letters.send(work, notice)
    work.security.note(SecurityKind.EMAIL_CHANGED, person=person.id)
