"""Limit attempts that tell something about others, such as which addresses are registered."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from solvent.identity.domain import EmailTaken, TooManyAttempts
from solvent.identity.letters import Letters
from solvent.identity.operations.warn_owner import warn_owner
from solvent.identity.store.failures import Failures
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works

CAUSE = "registration"


@asynccontextmanager
async def limit_attempts(
    works: Works, letters: Letters, *, email: str, address: str, rate: Rate
) -> AsyncGenerator[None, None]:
    """Count a known ``email`` that the block comes upon, warn its owner, and refuse too many."""
    async with works.for_nobody(cause=CAUSE) as work:
        wait_s = await Failures(work, CAUSE, address).wait_s(rate)
    if wait_s:
        raise TooManyAttempts(retry_after_s=wait_s)
    try:
        yield
    except EmailTaken:
        async with works.for_nobody(cause=CAUSE) as work:
            await Failures(work, CAUSE, address).add()
            await warn_owner(work, letters, email=email)
        raise
