"""The operating-system account that the server runs under.

PostgreSQL refuses to run as root. As root it gets a no-login user of its own; everybody else runs
it as themselves. What that account may not enter is refused by name and never opened up.
"""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from solvent.runtime.embedded.refusals import DataDirUnreachable, EmbeddedStartFailed

SERVER_USER = "solvent-db"
USERADD_TRIES_MAX = 20
USERADD_RETRY_DELAY_S = 0.1
_PR_SET_PDEATHSIG = 1
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Account:
    """One operating-system user, by name and ids."""

    name: str
    uid: int
    gid: int

    @property
    def is_another(self) -> bool:
        """Tell whether a child has to change its credentials to become this account."""
        return self.uid != os.geteuid()

    def spawn(
        self,
        command: Sequence[str | Path],
        *,
        at_parent_death: signal.Signals,
        output: int | IO[bytes],
        keep_open: int,
    ) -> subprocess.Popen[bytes]:
        """Run ``command`` as this account, as a child that gets a signal when this process dies.

        The environment is made anew: PG* variables would lead the programs astray, and the
        secrets of this process are none of theirs. The child and its own children hold the
        descriptor ``keep_open`` for as long as they live.
        """
        return subprocess.Popen(  # noqa: S603 - our own programs, no shell
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            cwd="/",
            env=environment(),
            user=self.uid if self.is_another else None,
            group=self.gid if self.is_another else None,
            extra_groups=[] if self.is_another else None,
            umask=0o077,
            pass_fds=(keep_open,),
            start_new_session=True,  # Ctrl-C is for Solvent, which then stops its server
            preexec_fn=_dies_with(os.getpid(), at_parent_death),  # noqa: PLW1509 - main thread only
        )

    def first_shut(self, directory: Path) -> Path | None:
        """Return the first of the parents of ``directory``, or itself, that shuts it out."""
        if self.is_another and directory.exists() and self._enters(directory):
            return None  # one question to the system instead of one for each parent
        for path in (*reversed(directory.parents), directory):
            if not path.exists():
                return None
            if not self._enters(path):
                return path
        return None

    def _enters(self, directory: Path) -> bool:
        """Tell whether this account may search ``directory``, access lists included."""
        if not self.is_another:
            return os.access(directory, os.X_OK)
        asked = subprocess.run(  # noqa: S603 - a fixed program, no shell
            [shutil.which("test") or "/usr/bin/test", "-x", directory],
            cwd="/",
            user=self.uid,
            group=self.gid,
            extra_groups=[],
            check=False,
        )
        return asked.returncode == 0


def environment() -> dict[str, str]:
    """Return the whole environment of the server's programs: English, and nothing private."""
    return {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C"}


def account_for(data_dir: Path, cluster: Path, os_user: str | None) -> Account:
    """Return the account that the server of ``cluster`` runs under.

    As root that is ``os_user``, else the owner of the cluster, else a no-login user made here.
    """
    try:
        if os.geteuid() != 0:
            account = _account(pwd.getpwuid(os.geteuid()))
            if os_user not in {None, account.name}:
                raise EmbeddedStartFailed(
                    data_dir, f"only root can run it as {os_user}; you are {account.name}."
                )
            return account
        if os_user is None and cluster.exists():
            account = _account(pwd.getpwuid(cluster.stat().st_uid))
        else:
            account = _account(pwd.getpwnam(os_user) if os_user else _server_user(data_dir))
    except KeyError as missing:
        reason = f"the operating system knows no such user ({missing.args[0]}); add it first."
        raise EmbeddedStartFailed(data_dir, reason) from missing
    if account.uid == 0:
        raise EmbeddedStartFailed(data_dir, "it never runs as root; name another user.")
    return account


def made_reachable(data_dir: Path, account: Account) -> None:
    """Make ``data_dir`` where it is missing, and refuse if ``account`` cannot get there."""
    shut = account.first_shut(data_dir)
    if shut is None and not data_dir.exists():
        data_dir.mkdir(parents=True)
        data_dir.chmod(0o711 if account.is_another else 0o700)
        shut = account.first_shut(data_dir)
    if shut is not None:
        raise DataDirUnreachable(data_dir, parent=shut, user=account.name)


def _account(entry: pwd.struct_passwd) -> Account:
    return Account(name=entry.pw_name, uid=entry.pw_uid, gid=entry.pw_gid)


def _server_user(data_dir: Path) -> pwd.struct_passwd:
    """Return the entry of the server's own user, made now if it is missing."""
    command = ["useradd", "--system", "--user-group", "--no-create-home", "--home-dir"]
    said = "useradd was not found"
    for _ in range(USERADD_TRIES_MAX):
        try:
            return pwd.getpwnam(SERVER_USER)
        except KeyError:
            if shutil.which("useradd") is None:
                break
        made = subprocess.run(  # noqa: S603 - a fixed command, no shell
            [*command, "/nonexistent", "--shell", "/usr/sbin/nologin", SERVER_USER],
            capture_output=True,
            check=False,
            text=True,
        )
        if made.returncode != 0:  # somebody else may hold the lock, making the same user
            said = made.stderr.strip()
            time.sleep(USERADD_RETRY_DELAY_S)
    reason = f"the user {SERVER_USER} could not be made ({said}); add it as a system user."
    raise EmbeddedStartFailed(data_dir, reason)


def _dies_with(parent: int, sign: signal.Signals) -> Callable[[], None]:
    """Return what a child does before it becomes its program: ask to be told of our death.

    It runs after the change of user, which would clear the request.
    """

    def ask() -> None:
        _LIBC.prctl(_PR_SET_PDEATHSIG, int(sign), 0, 0, 0)
        if os.getppid() != parent:  # it died before we asked
            os._exit(1)

    return ask
