"""Where each session was last seen: a log-in that jumps between networks and programs may be stolen.

Each process remembers the sessions that it has served, in memory and a bounded number of them. A session
has moved when both its network and its program change within minutes; one of the two alone is a phone
that leaves the house, or a browser's update. No place on earth is looked up.
"""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from solvent.runtime.origin import Origin

ABRUPT: Final = timedelta(minutes=10)
SESSIONS_REMEMBERED_MAX = 10_000


@dataclass(frozen=True, slots=True)
class _Seen:
    origin: Origin
    at: datetime


class Moves:
    """Notices sessions that move; ``network`` tells which network an address is in."""

    def __init__(self, network: Callable[[str], object]) -> None:
        """Remember nothing yet."""
        self._network = network
        self._seen: OrderedDict[UUID, _Seen] = OrderedDict()

    def moved(self, session: UUID | None, origin: Origin, at: datetime) -> bool:
        """Tell whether ``session`` comes from elsewhere, in another program, than just before."""
        if session is None or not origin.address:
            return False
        before = self._seen.get(session)
        self._seen[session] = _Seen(origin, at)
        self._seen.move_to_end(session)
        if len(self._seen) > SESSIONS_REMEMBERED_MAX:
            self._seen.popitem(last=False)
        if before is None or before.origin.agent == origin.agent or at - before.at > ABRUPT:
            return False
        return self._network(before.origin.address) != self._network(origin.address)
