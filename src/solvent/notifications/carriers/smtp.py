"""Letters by SMTP: to a server that takes them in, over TLS, with a limit to every wait."""

import ssl
from contextlib import suppress
from email.message import EmailMessage
from email.policy import SMTP as SMTP_POLICY
from email.utils import parseaddr

from aiosmtplib import SMTP
from aiosmtplib.errors import (
    SMTPAuthenticationError,
    SMTPException,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from solvent.notifications.carriers.carrying import Handover, Lost, NotTaken
from solvent.notifications.domain import LetterRefused
from solvent.runtime.mailsettings import MailSecurity, MailSettings

QUIT_TIMEOUT_S = 2
PERMANENT = 500
"""From this answer on a server means it for good. Source: RFC 5321, 4.2.1."""


class SmtpCarrier:
    """Hands each letter to one server, on a connection of its own."""

    def __init__(self, settings: MailSettings, *, local_name: str) -> None:
        """Use the server of ``settings``; say that ``local_name`` is calling."""
        self._settings = settings
        self._local_name = local_name

    async def carry(self, message: EmailMessage, *, handover: Handover) -> None:
        """Hand ``message`` over; everything up to its text can be tried again without harm."""
        client = self._client()
        try:
            try:
                await client.connect()
                await client.mail(parseaddr(str(message["From"]))[1])
                await client.rcpt(parseaddr(str(message["To"]))[1])
            except (SMTPException, OSError, TimeoutError) as failed:
                raise _failure(failed) from None
            await handover()
            await self._hand_over(client, message)
            with suppress(SMTPException, OSError):
                await client.quit(timeout=QUIT_TIMEOUT_S)
        finally:
            client.close()

    async def _hand_over(self, client: SMTP, message: EmailMessage) -> None:
        """Send the text; without an answer nobody knows what became of it."""
        try:
            await client.data(message.as_bytes(policy=SMTP_POLICY))
        except SMTPResponseException as answered:
            raise _failure(answered) from None
        except (SMTPServerDisconnected, SMTPTimeoutError, OSError):
            raise Lost from None

    def _client(self) -> SMTP:
        its = self._settings
        tls = None
        if its.security is not MailSecurity.NONE:
            tls = ssl.create_default_context(cafile=its.ca_file)
            tls.minimum_version = ssl.TLSVersion.TLSv1_2
        return SMTP(
            hostname=its.host,
            port=its.port,
            username=its.user or None,
            password=its.password,
            local_hostname=self._local_name,
            timeout=its.timeout_s,
            use_tls=its.security is MailSecurity.TLS,
            start_tls=its.security is MailSecurity.STARTTLS,
            tls_context=tls,
        )


def _failure(failed: Exception) -> Exception:
    """Return what became of a letter that was not taken; what a server says may name somebody.

    A log-in that fails is put right by the operator, so that letters wait for it.
    """
    if isinstance(failed, SMTPResponseException):
        if failed.code >= PERMANENT and not isinstance(failed, SMTPAuthenticationError):
            return LetterRefused(code=failed.code)
        return NotTaken(f"{type(failed).__name__} {failed.code}")
    return NotTaken(type(failed).__name__)
