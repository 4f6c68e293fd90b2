"""A letter as a message of RFC 5322, with the headers that letters of a machine have."""

from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import urlsplit
from uuid import UUID

from solvent.identity.letters import Letter
from solvent.notifications.rendering import Stationery


class Mailing:
    """Puts letters of one installation into their envelopes."""

    def __init__(self, public_url: str, sender: str) -> None:
        """Write as ``sender``, or else as Solvent at the public host."""
        self.host = urlsplit(public_url).hostname or "localhost"
        self._sender = sender or f"Solvent <solvent@{self.host}>"
        self._stationery = Stationery(public_url)

    def message(self, letter: Letter, *, id_: UUID, at: datetime) -> EmailMessage:
        """Return ``letter`` ready to be carried; its Message-ID is the same at every attempt."""
        writing = self._stationery.write(letter)
        message = EmailMessage()
        message["From"] = self._sender
        message["To"] = letter.to
        message["Subject"] = writing.subject
        message["Date"] = format_datetime(at)
        message["Message-ID"] = f"<{id_}@{self.host}>"
        message["Content-Language"] = letter.locale
        message["Auto-Submitted"] = "auto-generated"
        message.set_content(writing.text)
        message.add_alternative(writing.html, subtype="html")
        return message
