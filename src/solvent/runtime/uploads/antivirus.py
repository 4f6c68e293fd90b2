"""The port to a virus scanner, and the driver for clamd.

A file is checked before anything of it is kept. Without a scanner nothing is checked; with one that is
away nothing is taken, unless the installation says otherwise.
"""

from importlib import import_module
from typing import Any, BinaryIO, Final, Protocol
from urllib.parse import urlsplit

from solvent.runtime.edgesettings import AntivirusSettings
from solvent.runtime.log import logger
from solvent.runtime.uploads.refusals import Infected, Unchecked

log = logger("uploads")

CLAMD_PORT: Final = 3310
PIECE_BYTES: Final = 64 * 1024


class Antivirus(Protocol):
    """Whoever knows viruses."""

    async def require_clean(self, file: BinaryIO) -> None:
        """Refuse ``file`` when it is known to do harm; it is left at its beginning."""
        ...


class NoAntivirus:
    """Takes every file: there is no scanner."""

    async def require_clean(self, file: BinaryIO) -> None:
        """Leave ``file`` at its beginning."""
        file.seek(0)


class Clamd:
    """Asks ClamAV's daemon, by streaming the file to it."""

    def __init__(self, url: str, *, timeout_s: float, fails_open: bool) -> None:
        """Ask the daemon at ``url``; ``fails_open`` takes files while it is away."""
        place = urlsplit(url)
        library: Any = import_module("aioclamd")
        self._trouble: tuple[type[Exception], ...] = (library.ClamdError, OSError)
        self._client: Any = library.ClamdAsyncClient(
            place.hostname, place.port or CLAMD_PORT, timeout=timeout_s
        )
        self._fails_open = fails_open

    async def require_clean(self, file: BinaryIO) -> None:
        """Refuse ``file`` when the daemon knows it, or cannot be asked and that is not allowed."""
        file.seek(0)
        try:
            answer: dict[str, tuple[str, str | None]] | None = await self._client.instream(
                _Pieces(file)
            )
        except self._trouble as trouble:
            log.warning("scanner.away", why=type(trouble).__name__, taken=self._fails_open)
            answer = None
        finally:
            file.seek(0)
        statuses = {status for status, _ in (answer or {}).values()}
        if "FOUND" in statuses:
            raise Infected
        if statuses != {"OK"} and not self._fails_open:
            raise Unchecked


class _Pieces:
    """Reads a file in pieces of our size: the client asks for so little that a large one takes long."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file

    def read(self, _: int) -> bytes:
        return self._file.read(PIECE_BYTES)


def antivirus_of(settings: AntivirusSettings) -> Antivirus:
    """Return the scanner that the settings name."""
    if settings.clamd_url is None:
        return NoAntivirus()
    return Clamd(
        settings.clamd_url, timeout_s=settings.timeout_s, fails_open=settings.clamd_fails_open
    )
