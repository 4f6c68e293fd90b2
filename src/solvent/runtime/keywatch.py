"""Key rings that follow their files: a new key counts in every process, without a restart.

Each process looks at the files every few seconds. A ring that cannot be read, or is none, changes
nothing: the process goes on with the keys that it has, and says so in its log.
"""

import asyncio
from collections.abc import AsyncGenerator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from solvent.runtime import log as logs
from solvent.runtime.keys import BadKeys, KeyRing

LOOK_S = 10.0
"""How long a process may go on with keys that are no longer the newest."""

log = logs.logger("keys")


class KeyWatch:
    """Holds rings to their files."""

    def __init__(self, rings: Iterable[KeyRing]) -> None:
        """Follow those of ``rings`` that have a file."""
        self._rings = {ring.file: ring for ring in rings if ring.file is not None}
        self._seen = {file: _stamp(file) for file in self._rings}

    def look(self) -> None:
        """Adopt what has changed."""
        for file, ring in self._rings.items():
            stamp = _stamp(file)
            if stamp is None or stamp == self._seen[file]:
                continue
            self._seen[file] = stamp
            try:
                ring.adopt(KeyRing.parse(file.read_text("ascii").strip()))
            except (OSError, UnicodeDecodeError, BadKeys) as wrong:
                log.warning("keys.refused", file=file.name, error=type(wrong).__name__)
            else:
                log.info("keys.adopted", file=file.name, kids=", ".join(ring.kids))

    async def follow(self) -> None:
        """Look for ever."""
        while True:
            await asyncio.sleep(LOOK_S)
            self.look()


@asynccontextmanager
async def following(*rings: KeyRing) -> AsyncGenerator[None, None]:
    """Follow the files of ``rings`` during the block."""
    task = asyncio.create_task(KeyWatch(rings).follow())
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def _stamp(file: Path) -> tuple[int, int, int] | None:
    """Return what changes when a file is replaced; None where there is none."""
    try:
        known = file.stat()
    except OSError:
        return None
    return known.st_ino, known.st_mtime_ns, known.st_size
