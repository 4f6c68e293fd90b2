"""Failed attempts, counted in a window that slides: each failure leaves it by itself."""

import hashlib
import math
from datetime import datetime, timedelta
from typing import NamedTuple

from solvent.runtime.settingvalues import Rate
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

FORGOTTEN_AFTER = timedelta(days=7)
"""No rate looks further back."""
FORGOTTEN_AT_ONCE_MAX = 100


class _Count(NamedTuple):
    failures: int
    oldest: datetime | None


class Tally(NamedTuple):
    """How many failures there were in a while, and when the newest was."""

    failures: int
    newest: datetime | None


class Failures:
    """The failures of one subject: what was tried, and from where."""

    COUNT = sql("""
        select coalesce(sum(failures), 0)::bigint, min(window_start)
          from login_throttle where subject = $1 and window_start > $2
    """)
    TALLY = sql("""
        select coalesce(sum(failures), 0)::bigint, max(window_start)
          from login_throttle where subject = $1 and window_start > $2
    """)
    ADD = sql("""
        insert into login_throttle as t (subject, window_start, failures) values ($1, $2, 1)
        on conflict (subject, window_start) do update set failures = t.failures + 1
    """)
    CLEAR = sql("delete from login_throttle where subject = $1")
    FORGET = sql("""
        delete from login_throttle
         where (subject, window_start) in (
               select subject, window_start from login_throttle where window_start < $1
                order by window_start limit $2 for update skip locked)
    """)

    def __init__(self, work: Work, *subject: str) -> None:
        """Count for ``subject``, of which only a digest is kept."""
        self._work = work
        self._subject = hashlib.sha256("\0".join(subject).encode("utf-8", "replace")).digest()

    async def wait_s(self, rate: Rate) -> int:
        """Return how many seconds the subject has to wait; 0 when it may try."""
        now = self._work.clock.now()
        window = timedelta(seconds=rate.seconds)
        count = await self._work.one(_Count, self.COUNT, self._subject, now - window)
        if count is None or count.oldest is None or count.failures < rate.count:
            return 0
        return max(1, math.ceil((count.oldest + window - now).total_seconds()))

    async def tally(self, window: timedelta) -> Tally:
        """Return what has failed within ``window``."""
        since = self._work.clock.now() - window
        return await self._work.one(Tally, self.TALLY, self._subject, since) or Tally(0, None)

    async def add(self) -> None:
        """Count one more, and forget some that no window reaches any longer."""
        now = self._work.clock.now()
        await self._work.execute(self.ADD, self._subject, now)
        await self._work.execute(self.FORGET, now - FORGOTTEN_AFTER, FORGOTTEN_AT_ONCE_MAX)

    async def clear(self) -> None:
        """Forget the failures of the subject."""
        await self._work.execute(self.CLEAR, self._subject)


FORGET_ALL = sql("delete from login_throttle where window_start < $1")


async def forget_old(work: Work) -> int:
    """Forget every failure that no window reaches any longer; return how many counts."""
    return await work.execute(FORGET_ALL, work.clock.now() - FORGOTTEN_AFTER)
