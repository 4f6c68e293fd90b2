"""Warn somebody that their account is locked: too many guesses have failed."""

from uuid import UUID

import msgspec

from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.store.failures import Failures
from solvent.identity.store.people import People
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works

WARN_LOCKED = "identity.warn_locked"
RATE = Rate(1, 86_400)


class LockedPerson(msgspec.Struct, frozen=True):
    """Whose account it is; nobody's where the address that was tried is not known."""

    person: UUID | None


async def warn_locked(works: Works, letters: Letters, *, person: UUID | None) -> None:
    """Write to the person once a day at most; for nobody do nothing."""
    if person is None:
        return
    async with works.for_nobody(cause=WARN_LOCKED) as work:
        owner = await People(work).one(person)
        warned = Failures(work, WARN_LOCKED, str(person))
        if owner is None or await warned.wait_s(RATE):
            return
        await warned.add()
        notice = Letter(
            kind=LetterKind.LOGIN_LOCKED, to=owner.email, locale=owner.locale, path="/forgot"
        )
        await letters.send(work, notice)
