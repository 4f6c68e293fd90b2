"""Prove a log-in: the password, and a code where the person has an authenticator."""

from dataclasses import dataclass
from uuid import UUID

from solvent.factors.operations.prove_code import prove_code
from solvent.factors.store.challenges import Challenges
from solvent.factors.store.codes import Codes
from solvent.identity.domain import Attempt, CodeNeeded, Lockout, StepExpired
from solvent.identity.operations.prove_password import CAUSE, prove_password
from solvent.runtime.ids import new_token
from solvent.runtime.passwords import Passwords
from solvent.runtime.sealing import Seal
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work, Works


@dataclass(frozen=True, slots=True)
class Proved:
    """Who somebody is, and whether they have shown two factors."""

    person: UUID
    multi_factor: bool


@dataclass(frozen=True, slots=True)
class SecondStep:
    """A password was right and a code is wanted; whoever holds the challenge may give it."""

    challenge: str


async def prove_log_in(
    works: Works,
    passwords: Passwords,
    seal: Seal,
    *,
    attempt: Attempt,
    code: str | None,
    rate: Rate,
    lockout: Lockout,
) -> Proved:
    """Return who the ``attempt`` proves to be; raise :class:`CodeNeeded` where a code is missing."""
    person = await prove_password(works, passwords, attempt=attempt, rate=rate, lockout=lockout)
    async with works.for_nobody(cause=CAUSE) as work:
        wants_code = await Codes(work, seal, person).has_authenticator()
    if not wants_code:
        return Proved(person, multi_factor=False)
    if not code:
        raise CodeNeeded
    await prove_code(works, seal, person=person, code=code, rate=rate)
    return Proved(person, multi_factor=True)


async def begin_log_in(
    works: Works,
    passwords: Passwords,
    seal: Seal,
    *,
    attempt: Attempt,
    rate: Rate,
    lockout: Lockout,
) -> Proved | SecondStep:
    """Return who the ``attempt`` proves to be, or the step that is still to be taken."""
    person = await prove_password(works, passwords, attempt=attempt, rate=rate, lockout=lockout)
    async with works.for_nobody(cause=CAUSE) as work:
        return await second_step(work, seal, person=person) or Proved(person, multi_factor=False)


async def second_step(work: Work, seal: Seal, *, person: UUID) -> SecondStep | None:
    """Return the step that ``person``, who has shown one factor, still has to take, if there is one."""
    if not await Codes(work, seal, person).has_authenticator():
        return None
    challenge = new_token()
    await Challenges(work, "second_step").add(challenge.encode(), person=person)
    return SecondStep(challenge)


async def finish_log_in(
    works: Works, seal: Seal, *, challenge: str, code: str, rate: Rate
) -> Proved:
    """Take the second step: return who holds the ``challenge``, once their ``code`` is right.

    A wrong code leaves the challenge as it is until it expires; a right one uses it up.
    """
    async with works.for_nobody(cause=CAUSE) as work:
        holder = await Challenges(work, "second_step").holder(challenge.encode())
    if holder is None or holder.person is None:
        raise StepExpired
    await prove_code(works, seal, person=holder.person, code=code, rate=rate)
    async with works.for_nobody(cause=CAUSE) as work:
        if await Challenges(work, "second_step").spend(challenge.encode()) is None:
            raise StepExpired
    return Proved(holder.person, multi_factor=True)
