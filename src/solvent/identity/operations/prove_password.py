"""Prove a password: who somebody is, by what they typed, and no faster than the throttle allows.

Failures are counted twice: by address of the network and name, and by name alone, so that an account is
locked whatever addresses the guesses come from. Both counts are kept for names that nobody has as well.
"""

import asyncio
import math
from uuid import UUID
from weakref import WeakValueDictionary

from solvent.identity.domain import (
    LOCK_MAX,
    Attempt,
    BadEmail,
    Lockout,
    NotVerified,
    TooManyAttempts,
    WrongCredentials,
    normal_email,
)
from solvent.identity.operations.warn_locked import WARN_LOCKED, LockedPerson
from solvent.identity.store.failures import Failures
from solvent.identity.store.people import Known, People
from solvent.runtime.jobs.queue import enqueue
from solvent.runtime.passwords import Passwords
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work, Works

CAUSE = "log-in"
LOCK = "lock"
TYPED_CHARS_MAX = 320
PASSWORD_CHARS_TRIED_MAX = 1_024

_turns: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
"""Attempts on one name wait for each other: none slips past the count."""


async def prove_password(
    works: Works,
    passwords: Passwords,
    *,
    attempt: Attempt,
    rate: Rate,
    lockout: Lockout,
) -> UUID:
    """Return the person whose address and password these are.

    A failure is counted although it is refused; the slow check holds no connection. Raise
    :class:`WrongCredentials`, :class:`TooManyAttempts`, or :class:`NotVerified` for somebody who has to
    open the link of a letter first.
    """
    email = _typed_email(attempt)
    turn = _turns.setdefault(email, asyncio.Lock())
    async with turn:
        known = await _known(works, attempt, email, rate, lockout)
        password = attempt.password[:PASSWORD_CHARS_TRIED_MAX]
        matched = await passwords.match(password, known.password_hash if known else None)
        if known is None or not matched:
            async with works.for_nobody(cause=CAUSE) as work:
                await _count(work, attempt, email, known, lockout)
            raise WrongCredentials
        fresh = None
        if passwords.is_outdated(known.password_hash):
            fresh = await passwords.hash(password)
        async with works.for_nobody(cause=CAUSE) as work:
            for failures in _failures(work, attempt, email):
                await failures.clear()
            if fresh is not None:
                await People(work).replace_hash(known.person, old=known.password_hash, new=fresh)
        if known.awaits_mail:
            raise NotVerified
        return known.person


async def _known(
    works: Works, attempt: Attempt, email: str, rate: Rate, lockout: Lockout
) -> Known | None:
    """Find who has the address, unless too many attempts have failed."""
    async with works.for_nobody(cause=CAUSE) as work:
        here, anywhere = _failures(work, attempt, email)
        wait_s = max(await here.wait_s(rate), await _locked_s(work, anywhere, lockout))
        known = await People(work).known(email)
        if wait_s:
            person = known.person if known else None
            work.security.note(SecurityKind.LOGIN_REFUSED, person=person, tried=email)
            raise TooManyAttempts(retry_after_s=wait_s)
        return known


async def _locked_s(work: Work, anywhere: Failures, lockout: Lockout) -> int:
    """Return for how many seconds the account is locked; 0 when it is not."""
    tally = await anywhere.tally(2 * LOCK_MAX)
    wait = lockout.wait(failures=tally.failures, newest=tally.newest, now=work.clock.now())
    return math.ceil(wait.total_seconds())


async def _count(
    work: Work, attempt: Attempt, email: str, known: Known | None, lockout: Lockout
) -> None:
    """Keep that an attempt has failed; the failure that locks the account is told to its owner."""
    here, anywhere = _failures(work, attempt, email)
    await here.add()
    await anywhere.add()
    person = known.person if known else None
    work.security.note(SecurityKind.LOGIN_FAILED, person=person, tried=email)
    if await _locked_s(work, anywhere, lockout):
        work.security.note(SecurityKind.LOGIN_LOCKED, person=person, tried=email)
        await enqueue(work, WARN_LOCKED, LockedPerson(person))


async def unlock(work: Work, *, email: str) -> None:
    """Let an account be tried again at once: somebody has opened a link that was sent to it."""
    await Failures(work, LOCK, email).clear()


def _failures(work: Work, attempt: Attempt, email: str) -> tuple[Failures, Failures]:
    return Failures(work, CAUSE, attempt.address, email), Failures(work, LOCK, email)


def _typed_email(attempt: Attempt) -> str:
    """Return the address as it is kept; what is no address is counted too, and never found."""
    try:
        return normal_email(attempt.email)
    except BadEmail:
        typed = attempt.email[:TYPED_CHARS_MAX].strip().casefold()
        return "".join(sign for sign in typed if sign.isprintable())
