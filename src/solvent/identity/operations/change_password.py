"""Change a password: whoever gives the old one chooses a new one, and all other sessions end."""

from solvent.identity.domain import Attempt, Lockout, WrongCredentials, WrongProof
from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.operations.choose_password import choose_password
from solvent.identity.operations.prove_password import prove_password
from solvent.identity.operations.read_person import read_person
from solvent.identity.store.links import LinkPurpose, Links
from solvent.identity.store.people import People
from solvent.identity.store.sessions import Sessions
from solvent.runtime.passwords import Passwords
from solvent.runtime.scope import Credential
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works

CAUSE = "password"


async def change_password(
    works: Works,
    passwords: Passwords,
    letters: Letters,
    *,
    credential: Credential,
    old: str,
    new: str,
    address: str,
    rate: Rate,
    lockout: Lockout,
) -> None:
    """Give the person of ``credential`` a new password; a letter tells them.

    Every other session of theirs ends. Wrong old ones count as failed log-ins do; the slow hashes hold no
    connection. Raise :class:`WrongProof` or :class:`WeakPassword`.
    """
    async with works.for_session(credential, None, cause=CAUSE) as work:
        person = await read_person(work)
    try:
        attempt = Attempt(person.email, old, address)
        await prove_password(works, passwords, attempt=attempt, rate=rate, lockout=lockout)
    except WrongCredentials as wrong:
        raise WrongProof(field="password") from wrong
    hashed = await choose_password(passwords, password=new, email=person.email)
    async with works.for_session(credential, None, cause=CAUSE) as work:
        await People(work).set_hash(person.id, hashed)
        await Sessions(work).end_all(person.id, but=work.scope.session)
        await Links(work).forget(person.id, LinkPurpose.RESET)
        notice = Letter(
            kind=LetterKind.PASSWORD_CHANGED, to=person.email, locale=person.locale, path="/forgot"
        )
        await letters.send(work, notice)
        work.security.note(SecurityKind.PASSWORD_CHANGED)
