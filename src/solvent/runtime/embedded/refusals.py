"""Why the embedded server may not start: each refusal names the place and the remedy."""

import errno
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

from solvent.kernel.errors import Refusal

LOG_LINES_SHOWN_MAX = 12
FREE_BYTES_MIN = 16 * 2**20  # one segment of the write-ahead log
_NO_ROOM = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
_NO_ROOM_SAID = ("No space left on device", "Disk quota exceeded", "File too large")


class DataDirInUse(Refusal):
    """Another process runs, or still ends, the server of this data directory."""

    code = "runtime.data_dir_in_use"

    def __init__(self, data_dir: Path, pid: int | None) -> None:
        """Name the ``data_dir`` and the process that has it, where that is known."""
        holder = f"process {pid}" if pid else "another process"
        super().__init__(
            f"The data directory {data_dir} is in use by {holder}. "
            "Stop it first, or choose another directory with --data-dir.",
            data_dir=str(data_dir),
            pid=pid,
        )


class DataDirUnreachable(Refusal):
    """The account of the server cannot get to the data directory."""

    code = "runtime.data_dir_unreachable"

    def __init__(self, data_dir: Path, *, parent: Path, user: str) -> None:
        """Name the ``parent`` (or the place itself) that ``user`` cannot enter or write to."""
        super().__init__(
            f"The user {user} cannot enter or use {parent}, which the data directory {data_dir} "
            f"needs. Let that user in (for example: chmod o+x '{parent}'), or choose another "
            "directory with --data-dir.",
            data_dir=str(data_dir),
            parent=str(parent),
            user=user,
        )


class DiskFull(Refusal):
    """There is no room left for the server to start in."""

    code = "runtime.disk_full"

    def __init__(self, data_dir: Path) -> None:
        """Name the ``data_dir`` whose file system is full."""
        super().__init__(
            f"There is no room left for the data directory {data_dir}: the disk is full, or a "
            "quota or a limit on file sizes is reached. Free some space and start again; nothing "
            "that was saved is lost.",
            data_dir=str(data_dir),
        )


class EmbeddedStartFailed(Refusal):
    """The server, or what it needs, did not start."""

    code = "runtime.embedded_start_failed"

    def __init__(self, data_dir: Path, reason: str) -> None:
        """Tell the ``reason``, or the last lines of the server's own log."""
        super().__init__(
            f"The embedded PostgreSQL of {data_dir} did not start: {reason}",
            data_dir=str(data_dir),
        )


class DataDirVersion(Refusal):
    """The cluster was made by another major version of PostgreSQL."""

    code = "runtime.data_dir_version"

    def __init__(self, data_dir: Path, *, found: str, wanted: str) -> None:
        """Name the version ``found`` on disk and the one ``wanted`` by the programs here."""
        super().__init__(
            f"The books in {data_dir} were made by PostgreSQL {found}, but this Solvent brings "
            f"PostgreSQL {wanted}. Start the Solvent that made them, save them with "
            "`solvent backup create`, and restore them with this one into a new directory.",
            data_dir=str(data_dir),
            found=found,
            wanted=wanted,
        )


def refusal_for(data_dir: Path, output: str) -> Refusal:
    """Return the refusal that explains the ``output`` of a program which failed."""
    # A server that met a full disk may not even have had room to say so in its log.
    if any(said in output for said in _NO_ROOM_SAID) or (
        shutil.disk_usage(data_dir).free < FREE_BYTES_MIN
    ):
        return DiskFull(data_dir)
    lines = output.strip().splitlines()[-LOG_LINES_SHOWN_MAX:]
    return EmbeddedStartFailed(data_dir, "\n".join(lines) or "it said nothing")


@contextmanager
def refusing(data_dir: Path, user: str) -> Generator[None]:
    """Turn what the operating system denies to ``user`` in this block into refusals."""
    try:
        yield
    except OSError as fault:
        if fault.errno in _NO_ROOM:
            raise DiskFull(data_dir) from fault
        if isinstance(fault, PermissionError):
            place = Path(str(fault.filename or data_dir))
            raise DataDirUnreachable(data_dir, parent=place, user=user) from fault
        raise refusal_for(data_dir, str(fault)) from fault
