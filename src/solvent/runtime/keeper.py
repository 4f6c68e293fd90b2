"""A keeper: a process that keeps one child at work, and neither outlives whoever started it.

The child is forked, so that it shares the memory of what was imported before. The keeper is a
process of its own, because a process with threads must not fork.
"""

import ctypes
import os
import signal
import sys
import time
from collections.abc import Callable
from types import FrameType

from solvent.runtime.log import logger

log = logger("keeper")

RESTART_DELAY_S_MIN, RESTART_DELAY_S_MAX = 0.5, 30.0
STEADY_S = 60.0
"""A child that lived so long is started again at once."""
STOP_POLL_S = 0.02

_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


def end_with(parent: int) -> None:
    """Have the kernel kill this process when the process ``parent``, which forked it, has ended."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, int(signal.SIGKILL), 0, 0, 0)
    if os.getppid() != parent:  # it ended before we asked
        os._exit(1)


class Keeper:
    """Keeps ``work`` running in a child of a child until stopped."""

    def __init__(self, pid: int) -> None:
        """Take charge of the keeper process ``pid``; :meth:`start` is the way to get one."""
        self._pid: int | None = pid

    @classmethod
    def start(cls, work: Callable[[], None]) -> "Keeper":
        """Fork a keeper of ``work``, which ends by itself on SIGTERM.

        Call it from the main thread, before there are others.
        """
        _flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            _never_return(lambda: _keep(work, parent))
        return cls(pid)

    def stop(self, timeout_s: float) -> None:
        """Let the child end in order, and kill it after ``timeout_s``."""
        if self._pid is None:
            return
        deadline = time.monotonic() + timeout_s
        os.kill(self._pid, signal.SIGTERM)
        while os.waitpid(self._pid, os.WNOHANG) == (0, 0):
            if time.monotonic() > deadline:
                os.kill(self._pid, signal.SIGKILL)  # its child goes with it
                os.waitpid(self._pid, 0)
                break
            time.sleep(STOP_POLL_S)
        self._pid = None


class _Stop:
    """Passes SIGTERM on to the child there is, and remembers that it came."""

    def __init__(self) -> None:
        self.came = False
        self.child: int | None = None

    def __call__(self, _sign: int, _frame: FrameType | None) -> None:
        self.came = True
        if self.child is not None:
            os.kill(self.child, signal.SIGTERM)


def _keep(work: Callable[[], None], parent: int) -> None:
    """Start the child again whenever it ends, ever more slowly, until told to stop."""
    end_with(parent)
    stop = _Stop()
    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for whoever started us
    delay = RESTART_DELAY_S_MIN
    while not stop.came:
        began = time.monotonic()
        status = _child(work, stop)
        if stop.came:
            return
        if time.monotonic() - began > STEADY_S:
            delay = RESTART_DELAY_S_MIN
        log.error("child.ended", status=status, again_in_s=delay)
        _wait(delay, stop)
        delay = min(delay * 2, RESTART_DELAY_S_MAX)


def _child(work: Callable[[], None], stop: _Stop) -> int:
    """Run ``work`` in a child and return what it ended with."""
    keeper = os.getpid()
    signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    pid = os.fork()
    if pid == 0:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
        end_with(keeper)
        _never_return(work)
    stop.child = pid
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGTERM})
    _, status = os.waitpid(pid, 0)
    stop.child = None
    return os.waitstatus_to_exitcode(status)


def _wait(seconds: float, stop: _Stop) -> None:
    """Sleep, but not beyond the word to stop."""
    end = time.monotonic() + seconds
    while not stop.came and time.monotonic() < end:
        time.sleep(min(STOP_POLL_S * 5, seconds))


def _never_return(work: Callable[[], None]) -> None:
    """Do ``work`` and end the process, whatever the code around would go on to do."""
    code = 1
    try:
        work()
        code = 0
    except Exception:
        log.exception("child.failed")
    finally:
        _flush()
        os._exit(code)


def _flush() -> None:
    """Write out what is buffered, lest it be written twice."""
    sys.stdout.flush()
    sys.stderr.flush()
