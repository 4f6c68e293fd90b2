"""Count failures of one kind: too many in a while, and the next is refused before it is looked at."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from weakref import WeakValueDictionary

from solvent.identity.domain import TooManyAttempts
from solvent.identity.store.failures import Failures
from solvent.kernel.errors import Refusal
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works

_turns: WeakValueDictionary[tuple[str, ...], asyncio.Lock] = WeakValueDictionary()
"""Attempts of one subject wait for each other: none slips past the count."""


@asynccontextmanager
async def count_failures(
    works: Works, *subject: str, rate: Rate, of: type[Refusal]
) -> AsyncGenerator[None, None]:
    """Count the block's refusals ``of`` that kind against ``subject``; success clears the count.

    Raise :class:`TooManyAttempts` before the block runs where there were more than ``rate`` allows.
    """
    turn = _turns.setdefault(subject, asyncio.Lock())
    async with turn:
        async with works.for_nobody(cause=subject[0]) as work:
            wait_s = await Failures(work, *subject).wait_s(rate)
        if wait_s:
            raise TooManyAttempts(retry_after_s=wait_s)
        try:
            yield
        except of:
            async with works.for_nobody(cause=subject[0]) as work:
                await Failures(work, *subject).add()
            raise
        async with works.for_nobody(cause=subject[0]) as work:
            await Failures(work, *subject).clear()
