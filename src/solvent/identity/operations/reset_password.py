"""Reset a forgotten password: asked for by address, done by a link that works once and not for long.

Whether an address is known shows neither in the answer nor in its time: the request only queues the
wish, sealed, and a job looks whose address it is.
"""

from solvent.identity.domain import (
    BadEmail,
    LinkRefused,
    TooManyAttempts,
    normal_email,
)
from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.operations.choose_password import choose_password
from solvent.identity.operations.prove_password import unlock
from solvent.identity.operations.send_link import send_link
from solvent.identity.store.failures import Failures
from solvent.identity.store.links import LinkPurpose, Links
from solvent.identity.store.people import People
from solvent.identity.store.sessions import Sessions
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.jobs.queue import enqueue
from solvent.runtime.passwords import Passwords
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works

CAUSE = "reset"
ANSWER_RESET = "identity.answer_reset"
PER_ADDRESSEE = Rate(3, 3_600)
"""Letters to one address; beyond that the answer is the same and nothing is sent."""


async def ask_reset(
    works: Works, letters: Letters, *, email: str, address: str, rate: Rate
) -> None:
    """Have a link sent to whoever ``email`` belongs to; say nothing about whether anybody does.

    Raise :class:`TooManyAttempts` for a network ``address`` that asks too often.
    """
    async with works.for_nobody(cause=CAUSE) as work:
        asked = Failures(work, CAUSE, "from", address)
        wait_s = await asked.wait_s(rate)
        if wait_s:
            raise TooManyAttempts(retry_after_s=wait_s)
        await asked.add()
        try:
            typed = normal_email(email)
        except BadEmail:
            return
        work.security.note(SecurityKind.PASSWORD_RESET_ASKED, tried=typed)
        wish = letters.seal(Letter(kind=LetterKind.RESET_PASSWORD, to=typed))
        await enqueue(work, ANSWER_RESET, wish)


async def answer_reset(works: Works, letters: Letters, *, email: str) -> None:
    """Send the link, if anybody has the address and has not had too many of them."""
    async with works.for_nobody(cause=CAUSE) as work:
        person = await People(work).by_email(email)
        sent = Failures(work, CAUSE, "to", email)
        if person is None or await sent.wait_s(PER_ADDRESSEE):
            return
        await sent.add()
        await send_link(work, letters, person=person, purpose=LinkPurpose.RESET)


async def reset_password(
    works: Works, passwords: Passwords, letters: Letters, *, token: str, password: str
) -> None:
    """Give the person of the link of ``token`` a new ``password`` and end all their sessions.

    A password that is refused leaves the link as it was; the slow hash holds no connection.
    """
    digest = token_digest(token)
    async with works.for_nobody(cause=CAUSE) as work:
        look = await Links(work).look(digest, LinkPurpose.RESET)
    if look is None:
        raise LinkRefused
    hashed = await choose_password(passwords, password=password, email=look.email)
    async with works.for_nobody(cause=CAUSE) as work:
        links, people = Links(work), People(work)
        used = await links.spend(digest, LinkPurpose.RESET)
        person = None if used is None else await people.one(used.person)
        if used is None or person is None or person.email != used.email:
            raise LinkRefused
        await people.set_hash(person.id, hashed)
        # The letter has reached them: that verifies the address as well.
        await people.verify(person.id, email=used.email, at=work.clock.now())
        await Sessions(work).end_all(person.id)
        await unlock(work, email=person.email)
        await links.forget(person.id, LinkPurpose.RESET, LinkPurpose.CHANGE)
        notice = Letter(
            kind=LetterKind.PASSWORD_CHANGED, to=person.email, locale=person.locale, path="/forgot"
        )
        await letters.send(work, notice)
        work.security.note(SecurityKind.PASSWORD_RESET, person=person.id)
