"""Where the embedded server is: a socket in a short folder of its own, named from the data path.

The path of a socket holds 107 bytes at most, so it cannot stand in the data directory.
"""

import hashlib
import os
import socket
import stat
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, urlencode

from solvent.runtime.embedded.account import Account
from solvent.runtime.embedded.cluster import PORT
from solvent.runtime.embedded.occupancy import read_notice

SOCKET_PATH_BYTES_MAX = 107
CONNECT_TIMEOUT_S = 2.0
_SOCKET = f".s.PGSQL.{PORT}"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a running server is reached: the folder of its socket, and the database."""

    host: str
    database: str = "solvent"

    def dsn(self, role: str) -> str:
        """Return the address as a URL for connecting as ``role``."""
        query = {"host": self.host, "port": PORT, "user": role}
        return f"postgresql:///{self.database}?{urlencode(query, safe='/', quote_via=quote)}"


def attach(data_dir: Path) -> Address | None:
    """Return the address of the server that runs on ``data_dir``, or None where none answers."""
    data_dir = data_dir.resolve()
    notice = read_notice(data_dir)
    # A copy of a data directory carries the notice of the original: it must not lead there.
    if notice.sockets is None or notice.data_dir != str(data_dir):
        return None
    with socket.socket(socket.AF_UNIX) as line:
        line.settimeout(CONNECT_TIMEOUT_S)
        try:
            line.connect(f"{notice.sockets}/{_SOCKET}")
        except OSError:
            return None
    return Address(host=notice.sockets)


def socket_directory(data_dir: Path, account: Account) -> Path:
    """Make the private folder for the socket of ``data_dir`` and clear what a dead server left.

    It stands in /run for root, in the user's own run-time directory for others, else in /tmp.
    """
    name = f"solvent-{hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]}"
    own = "/run" if os.geteuid() == 0 else os.environ.get("XDG_RUNTIME_DIR", "")
    for base in (own, "/tmp"):  # noqa: S108 - a folder of ours inside it, refused if not private
        folder = Path(base) / name
        fits = len(os.fsencode(folder / _SOCKET)) <= SOCKET_PATH_BYTES_MAX
        if base.startswith("/") and fits and not set(base) & set('",') and _made(folder, account):
            break
    else:
        folder = Path(tempfile.mkdtemp(prefix="solvent-", dir="/tmp"))
        os.chown(folder, account.uid, account.gid)
    for left in (folder / _SOCKET, folder / f"{_SOCKET}.lock"):
        left.unlink(missing_ok=True)
    return folder


def _made(folder: Path, account: Account) -> bool:
    """Make ``folder`` for ``account`` alone, and tell whether it is so."""
    try:
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            os.chown(folder, account.uid, account.gid)
        found = folder.lstat()
    except OSError:
        return False
    private = stat.S_ISDIR(found.st_mode) and not found.st_mode & 0o077
    return private and found.st_uid == account.uid
