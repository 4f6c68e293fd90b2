"""Letters as files, for development and for those who fetch them: one ``.eml`` for each."""

import os
from email.message import EmailMessage
from pathlib import Path

from anyio import to_thread

from solvent.notifications.carriers.carrying import Handover, NotTaken

FOLDER = "mail"
"""Below the data directory."""


class FileCarrier:
    """Writes each letter into a folder, under its id, readable by its owner alone."""

    def __init__(self, folder: Path) -> None:
        """Write into ``folder``, which is made when it is needed."""
        self._folder = folder

    async def carry(self, message: EmailMessage, *, handover: Handover) -> None:
        """Write ``message``; a letter that is written again replaces itself."""
        await handover()
        try:
            await to_thread.run_sync(self._write, message)
        except OSError as failed:
            raise NotTaken(type(failed).__name__) from failed

    def _write(self, message: EmailMessage) -> None:
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        name = str(message["Message-ID"]).strip("<>").partition("@")[0]
        draft = self._folder / f".{name}"
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(message.as_bytes())
        draft.replace(self._folder / f"{name}.eml")
