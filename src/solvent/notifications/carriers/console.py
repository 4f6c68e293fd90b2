"""Letters on the console, for whoever tries Solvent out."""

import sys
from email.message import EmailMessage

from solvent.notifications.carriers.carrying import Handover


class ConsoleCarrier:
    """Prints the text of each letter to standard error."""

    async def carry(self, message: EmailMessage, *, handover: Handover) -> None:
        """Print ``message``."""
        await handover()
        body = message.get_body(("plain",))
        text = "" if body is None else body.get_content()
        sys.stderr.write(f"\nTo: {message['To']}\nSubject: {message['Subject']}\n\n{text}\n")
        sys.stderr.flush()
