"""Warn the owner of an address that somebody tried to register with it."""

from solvent.identity.domain import normal_email
from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.store.failures import Failures
from solvent.identity.store.people import People
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work

CAUSE = "warning"
RATE = Rate(1, 86_400)
"""A stranger can not have somebody written to more often than that."""


async def warn_owner(work: Work, letters: Letters, *, email: str) -> None:
    """Write to whoever ``email`` belongs to, unless they have been warned today."""
    owner = await People(work).by_email(normal_email(email))
    if owner is None:
        return
    warned = Failures(work, CAUSE, owner.email)
    if await warned.wait_s(RATE):
        return
    await warned.add()
    letter = Letter(
        kind=LetterKind.ADDRESS_KNOWN, to=owner.email, locale=owner.locale, path="/log-in"
    )
    await letters.send(work, letter)
