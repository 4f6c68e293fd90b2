"""Windows that all processes share, in Redis; and what holds while Redis is away.

Every question to Redis has a short deadline. Once it does not answer, it is left alone for a moment;
meanwhile each process counts for itself, by its share of the rate, so that all together let no more
through than before. It is asked again after the moment, by one request, and trusted when it answers.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from limits.aio.storage import RedisStorage
from limits.errors import ConfigurationError, StorageError

from solvent.kernel.errors import Refusal
from solvent.runtime.door.windows import Count, MemoryWindows, wait_s
from solvent.runtime.edge.problems import declare
from solvent.runtime.log import logger
from solvent.runtime.settingvalues import Rate

DEADLINE_S: Final = 0.25
LEFT_ALONE_S: Final = 2.0
CONNECTIONS_MAX: Final = 32
PREFIX: Final = "solvent:rate"

declare({"runtime.limits_away": 503, "runtime.redis_missing": 503})

log = logger("edge.limits")


class RedisMissing(Refusal):
    """A Redis is named in the settings, and the library that speaks to it is not installed."""

    code = "runtime.redis_missing"

    def __init__(self) -> None:
        """Name the extra."""
        super().__init__(
            "SOLVENT_REDIS_URL is set, but Solvent was installed without its part for Redis. "
            "Install solvent[redis], or unset SOLVENT_REDIS_URL."
        )


class LimitsAway(Refusal):
    """Redis is away, and the settings want nobody let in uncounted."""

    code = "runtime.limits_away"

    def __init__(self) -> None:
        """Say when to come back."""
        super().__init__(
            "Solvent cannot count requests at the moment and lets nobody in; try again shortly.",
            retry_after_s=math.ceil(LEFT_ALONE_S),
        )


class SharedWindows:
    """Windows in Redis, with windows of this process behind them."""

    def __init__(
        self,
        store: RedisStorage,
        own: MemoryWindows,
        seconds: Callable[[], float],
        *,
        processes: int,
        refuses: bool = False,
    ) -> None:
        """Count in ``store``; in ``own`` by one of ``processes`` shares while that is away.

        One that ``refuses`` lets nobody in meanwhile.
        """
        self._refuses = refuses
        self._store = store
        self._own = own
        self._seconds = seconds
        self._processes = processes
        self._asked_again_at = 0.0
        self.away = False

    async def hit(self, subject: str, rate: Rate) -> Count:
        """Count one more of ``subject``, unless it is beyond ``rate``."""
        if self.away and self._seconds() < self._asked_again_at:
            return self._without(subject, rate)
        if self.away:
            # One request asks; those beside it go on counting here.
            self._asked_again_at = self._seconds() + LEFT_ALONE_S
        try:
            async with asyncio.timeout(DEADLINE_S):
                count = await self._count(subject, rate)
        except (TimeoutError, OSError, StorageError) as gone:
            self._leave_alone(gone)
            return self._without(subject, rate)
        if self.away:
            self.away = False
            log.info("redis.returned")
        return count

    async def close(self) -> None:
        """Close the connections to Redis."""
        bridge: Any = self._store.bridge
        await bridge.storage.aclose()

    async def _count(self, subject: str, rate: Rate) -> Count:
        key = f"{PREFIX}:{subject}"
        allowed = await self._store.acquire_sliding_window_entry(key, rate.count, rate.seconds)
        before, before_left, present, present_left = await self._store.get_sliding_window(
            key, rate.seconds
        )
        until_end = max(0.0, present_left - rate.seconds)
        if not allowed:
            return Count(allowed=False, left=0, reset_s=wait_s(rate, before, present, until_end))
        weighed = int(before * before_left / rate.seconds) + present
        return Count(
            allowed=True, left=max(0, rate.count - weighed), reset_s=max(1, math.ceil(until_end))
        )

    def _without(self, subject: str, rate: Rate) -> Count:
        """Count by this process's share, or refuse, as the settings say."""
        if self._refuses:
            raise LimitsAway
        share = max(1, rate.count // self._processes)
        return self._own.count(subject, replace(rate, count=share))

    def _leave_alone(self, gone: Exception) -> None:
        if not self.away:
            log.error("redis.gone", error=type(gone).__name__)
        self.away = True
        self._asked_again_at = self._seconds() + LEFT_ALONE_S


def redis_store(url: str) -> RedisStorage:
    """Return the store at ``url``; it connects when it is first asked."""
    scheme, _, rest = url.partition("://")
    spelled = {"unix": "redis+unix"}.get(scheme, scheme)
    try:
        return RedisStorage(
            f"async+{spelled}://{rest}",
            wrap_exceptions=True,
            implementation="redispy",
            key_prefix=PREFIX,
            socket_timeout=DEADLINE_S,
            socket_connect_timeout=DEADLINE_S,
            max_connections=CONNECTIONS_MAX,
        )
    except ConfigurationError as missing:
        raise RedisMissing from missing
