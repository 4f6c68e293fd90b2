"""The jobs of identity: letters that depend on whose address it is."""

from typing import Any, TypeAlias

from solvent.identity.letters import Letters, SealedLetter
from solvent.identity.operations.reset_password import ANSWER_RESET, answer_reset
from solvent.identity.operations.warn_locked import WARN_LOCKED, LockedPerson, warn_locked
from solvent.runtime.jobs.kinds import JobKind
from solvent.runtime.work import Works

AnyKind: TypeAlias = JobKind[Any]


def letter_jobs(letters: Letters) -> tuple[AnyKind, ...]:
    """Return the jobs that look whose address it is, and write to them."""

    async def answer(works: Works, wish: SealedLetter) -> None:
        await answer_reset(works, letters, email=letters.open(wish).to)

    async def warn(works: Works, locked: LockedPerson) -> None:
        await warn_locked(works, letters, person=locked.person)

    return (
        JobKind(ANSWER_RESET, SealedLetter, answer),
        JobKind(WARN_LOCKED, LockedPerson, warn),
    )
