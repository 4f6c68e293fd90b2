"""CPU and wall seconds of whole process trees, read from ``/proc``: Linux only.

A live process is read in steps of 10 ms, so short questions are repeated and divided.
"""

import os
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

TICKS_PER_S = os.sysconf("SC_CLK_TCK")
REPEAT_FOR_S = 1.5
REPEAT_MAX = 3_000
SETTLE_S = 0.4
SETTLE_TICKS_MAX = 2
SETTLE_TIMEOUT_S = 60
GONE = (FileNotFoundError, ProcessLookupError)


class Cost(NamedTuple):
    """What a work took, in seconds."""

    cpu_s: float
    wall_s: float


class Meter:
    """Reads the CPU of server trees, and of this process too unless it is only the client."""

    def __init__(self, *servers: int, client: bool) -> None:
        """Watch the trees under the process ids ``servers``."""
        self._servers = servers
        self._client = client

    def cpu_s(self) -> float:
        """Return the CPU seconds that everything watched has used so far."""
        own = time.process_time() if self._client else 0.0
        return own + sum(map(tree_cpu_s, self._servers))

    def once(self, work: Callable[[], None]) -> Cost:
        """Do ``work`` once; what goes on behind its answer counts until the servers are quiet."""
        cpu, wall = self.cpu_s(), time.perf_counter()
        work()
        wall = time.perf_counter() - wall
        used = self.settle()
        return Cost(used - cpu, wall)

    def repeated(self, work: Callable[[], None]) -> Cost:
        """Do ``work`` for about a second and return what one took."""
        work()
        began = time.perf_counter()
        work()
        once = max(time.perf_counter() - began, 1e-6)
        times = max(1, min(REPEAT_MAX, int(REPEAT_FOR_S / once)))
        cpu, wall = self.cpu_s(), time.perf_counter()
        for _ in range(times):
            work()
        wall = time.perf_counter() - wall
        return Cost((self.cpu_s() - cpu) / times, wall / times)

    def settle(self) -> float:
        """Wait until the servers are quiet; return the CPU seconds at the last busy look."""
        end = time.monotonic() + SETTLE_TIMEOUT_S
        before = self.cpu_s()
        while time.monotonic() < end:
            time.sleep(SETTLE_S)
            after = self.cpu_s()
            if after - before <= SETTLE_TICKS_MAX / TICKS_PER_S:
                break
            before = after
        return before


def tree_cpu_s(root: int) -> float:
    """Return the CPU seconds of a process, its ended children and all that live under it."""
    ticks = 0
    for process in tree(root):
        with suppress(*GONE):
            ticks += _stat(process)[1]
    return ticks / TICKS_PER_S


def tree(root: int) -> list[int]:
    """Return the process ids of ``root`` and everything under it."""
    children: dict[int, list[int]] = {}
    for name in os.listdir("/proc"):  # noqa: PTH208 - names are all that is wanted
        if name.isdigit():
            with suppress(*GONE):
                children.setdefault(_stat(int(name))[0], []).append(int(name))
    waiting, found = [root], []
    while waiting:
        process = waiting.pop()
        found.append(process)
        waiting += children.get(process, [])
    return found


def _stat(process: int) -> tuple[int, int]:
    """Return the parent, and the ticks of the process and its reaped children."""
    fields = Path(f"/proc/{process}/stat").read_bytes().rpartition(b") ")[2].split()
    return int(fields[1]), sum(map(int, fields[11:15]))
