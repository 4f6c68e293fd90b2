"""Who has a data directory: one supervising process, and at most one server.

Both hold a lock that the kernel drops with them, so nothing stale can ever block. Process ids are
kept beside the locks to be named, and are never believed: they are used again.
"""

import fcntl
import json
import os
import signal
import time
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from solvent.runtime.embedded.refusals import DataDirInUse

LOCK_FILE = "embedded.lock"
OLD_SERVER_WAIT_S = 10.0
_POLL_S = 0.01


@dataclass(frozen=True, slots=True)
class Notice:
    """What the supervising process says in its lock file."""

    pid: int | None = None
    data_dir: str | None = None
    sockets: str | None = None


class Claim:
    """The right of this process to supervise the server of ``data_dir``, until released."""

    def __init__(self, data_dir: Path) -> None:
        """Take the right, or refuse at once with the process that has it."""
        self._data_dir = data_dir
        self._file = open_private(data_dir / LOCK_FILE)
        if not locked(self._file):
            self._file.close()
            raise DataDirInUse(data_dir, read_notice(data_dir).pid)
        # A child made by fork must not go on holding the lock after we have died.
        os.register_at_fork(after_in_child=self._file.close)
        with ExitStack() as undo:
            undo.callback(self.release)
            self.announce(sockets=None)
            undo.pop_all()

    def announce(self, *, sockets: Path | None) -> None:
        """Write down who has the directory and, once it answers, where its server listens."""
        notice = {"pid": os.getpid(), "data_dir": str(self._data_dir)}
        if sockets is not None:
            notice["sockets"] = str(sockets)
        os.ftruncate(self._file.fileno(), 0)
        os.pwrite(self._file.fileno(), json.dumps(notice).encode(), 0)

    def release(self) -> None:
        """Let others have the directory."""
        self._file.close()


def read_notice(data_dir: Path) -> Notice:
    """Return what the lock file says; an unreadable or half-written one says nothing."""
    try:
        said = json.loads((data_dir / LOCK_FILE).read_bytes())
        return Notice(pid=said["pid"], data_dir=said["data_dir"], sockets=said.get("sockets"))
    except (OSError, ValueError, KeyError, TypeError):
        return Notice()


def open_private(path: Path, flags: int = 0) -> FileIO:
    """Open the file at ``path``, made now, for nobody else, if it is missing."""
    return FileIO(os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | flags, 0o600), "r+")


def locked(file: FileIO) -> bool:
    """Take the lock of ``file`` if it is free, and tell whether it was."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def wait_for_old_server(data_dir: Path, cluster: Path, lock: FileIO) -> None:
    """Take the server's ``lock`` once nothing of an earlier server is left, or refuse.

    Backends that outlived their postmaster are told to end: nobody else would tell them.
    """
    deadline = time.monotonic() + OLD_SERVER_WAIT_S
    while not locked(lock) or _servers_in(cluster):
        postmaster, left = _recorded_postmaster(cluster), _servers_in(cluster)
        if time.monotonic() > deadline:
            raise DataDirInUse(data_dir, postmaster if postmaster in left else min(left, default=0))
        if postmaster not in left:
            for orphan in left:
                with suppress(ProcessLookupError):
                    os.kill(orphan, signal.SIGQUIT)
        time.sleep(_POLL_S)
    # PostgreSQL would believe the id in this file, which may be anybody's by now.
    (cluster / "postmaster.pid").unlink(missing_ok=True)


def _recorded_postmaster(cluster: Path) -> int | None:
    """Return the process id in the cluster's own lock file."""
    try:
        return int((cluster / "postmaster.pid").read_text(encoding="utf-8").split("\n", 1)[0])
    except (OSError, ValueError):
        return None


def _servers_in(cluster: Path) -> list[int]:
    """Return the processes of PostgreSQL that work in ``cluster``, as far as we may see them."""
    place, found = cluster.resolve(), list[int]()
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError):
            if (process / "cwd").readlink() == place and (
                (process / "exe").readlink().name.startswith("postgres")
            ):
                found.append(int(process.name))
    return found
