"""Kinds of jobs and what recurs, as a slice describes them and an entry point lists them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import msgspec

from solvent.runtime.work import Works

P = TypeVar("P", bound=msgspec.Struct)

ATTEMPTS_MAX = 5


async def _leave(_works: Works, _payload: msgspec.Struct) -> None:
    """Leave everything as it is."""


@dataclass(frozen=True, slots=True)
class JobKind(Generic[P]):
    """One kind of job: its name, what it is told, and what is done.

    ``handle`` may be called again after a crash at any point, so it must come to the same. Raising
    a ``Refusal`` ends the job, anything else has it tried again, ``attempts_max`` times in all; ``abandon`` is called
    when a job has failed for good, whatever the reason.
    """

    name: str
    payload: type[P]
    handle: Callable[[Works, P], Awaitable[None]]
    abandon: Callable[[Works, P], Awaitable[None]] = _leave
    attempts_max: int = ATTEMPTS_MAX


@dataclass(frozen=True, slots=True)
class Schedule:
    """Something that recurs: ``cron`` has five fields, in UTC; one process of all runs it."""

    name: str
    cron: str
    run: Callable[[], Awaitable[None]]
