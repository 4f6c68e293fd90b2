"""Prove a password: who somebody is, by what they typed, and no faster than the throttle allows."""

import asyncio
from uuid import UUID
from weakref import WeakValueDictionary

from solvent.identity.domain import (
    Attempt,
    BadEmail,
    TooManyAttempts,
    WrongCredentials,
    normal_email,
)
from solvent.identity.store.failures import Failures
from solvent.identity.store.people import Known, People
from solvent.runtime.passwords import Passwords
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work, Works

CAUSE = "log-in"
TYPED_CHARS_MAX = 320
PASSWORD_CHARS_TRIED_MAX = 1_024

_turns: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
"""Attempts on one address from one place wait for each other: none slips past the count."""


async def prove_password(
    works: Works, passwords: Passwords, *, attempt: Attempt, rate: Rate
) -> UUID:
    """Return the person whose address and password these are.

    A failure is counted although it is refused; the slow check holds no connection. Raise
    :class:`WrongCredentials` or :class:`TooManyAttempts`.
    """
    email = _typed_email(attempt)
    turn = _turns.setdefault((attempt.address, email), asyncio.Lock())
    async with turn:
        known = await _known(works, attempt, email, rate)
        password = attempt.password[:PASSWORD_CHARS_TRIED_MAX]
        matched = await passwords.match(password, known.password_hash if known else None)
        if known is None or not matched:
            async with works.for_nobody(cause=CAUSE) as work:
                await _failures(work, attempt, email).add()
                person = known.person if known else None
                work.security.note(SecurityKind.LOGIN_FAILED, person=person, tried=email)
            raise WrongCredentials
        fresh = None
        if passwords.is_outdated(known.password_hash):
            fresh = await passwords.hash(password)
        async with works.for_nobody(cause=CAUSE) as work:
            await _failures(work, attempt, email).clear()
            if fresh is not None:
                await People(work).replace_hash(known.person, old=known.password_hash, new=fresh)
        return known.person


async def _known(works: Works, attempt: Attempt, email: str, rate: Rate) -> Known | None:
    """Find who has the address, unless too many attempts have failed."""
    async with works.for_nobody(cause=CAUSE) as work:
        wait_s = await _failures(work, attempt, email).wait_s(rate)
        known = await People(work).known(email)
        if wait_s:
            person = known.person if known else None
            work.security.note(SecurityKind.LOGIN_REFUSED, person=person, tried=email)
            raise TooManyAttempts(retry_after_s=wait_s)
        return known


def _failures(work: Work, attempt: Attempt, email: str) -> Failures:
    return Failures(work, CAUSE, attempt.address, email)


def _typed_email(attempt: Attempt) -> str:
    """Return the address as it is kept; what is no address is counted too, and never found."""
    try:
        return normal_email(attempt.email)
    except BadEmail:
        typed = attempt.email[:TYPED_CHARS_MAX].strip().casefold()
        return "".join(sign for sign in typed if sign.isprintable())
