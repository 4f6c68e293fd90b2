"""The jobs of notifications: sending a letter that another slice has queued."""

from pathlib import Path
from typing import assert_never

from solvent.identity.letters import SEND_LETTER, Letters, SealedLetter
from solvent.notifications.carriers.carrying import Carrier
from solvent.notifications.carriers.console import ConsoleCarrier
from solvent.notifications.carriers.file import FOLDER, FileCarrier
from solvent.notifications.carriers.smtp import SmtpCarrier
from solvent.notifications.mailing import Mailing
from solvent.notifications.operations.deliver_letter import deliver_letter
from solvent.runtime.jobs.kinds import JobKind
from solvent.runtime.mailsettings import MailDriver
from solvent.runtime.settinggroups import Settings
from solvent.runtime.work import Works

ATTEMPTS_MAX = 12
"""Three quarters of an hour: longer than a server that greets strangers slowly makes them wait."""


def letter_job(settings: Settings) -> JobKind[SealedLetter]:
    """Return the job that opens a letter, writes it out, and has it carried away."""
    letters = Letters(settings.secrets.keys)
    mailing = Mailing(settings.public_url, settings.mail.sender)
    carrier = carrier_of(settings, mailing.host)

    async def send(works: Works, sealed: SealedLetter) -> None:
        letter = letters.open(sealed)
        message = mailing.message(letter, id_=sealed.id, at=works.clock.now())
        await deliver_letter(works, carrier, letter=sealed.id, message=message)

    return JobKind(SEND_LETTER, SealedLetter, send, attempts_max=ATTEMPTS_MAX)


def carrier_of(settings: Settings, local_name: str) -> Carrier:
    """Return who carries letters by the settings."""
    driver = settings.mail.driver or MailDriver.FILE
    match driver:
        case MailDriver.SMTP:
            return SmtpCarrier(settings.mail, local_name=local_name)
        case MailDriver.FILE:
            return FileCarrier((settings.data_dir or Path.cwd()) / FOLDER)
        case MailDriver.CONSOLE:
            return ConsoleCarrier()
        case _:
            assert_never(driver)
