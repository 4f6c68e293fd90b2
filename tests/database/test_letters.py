"""Letters on their way: queued with the change, handed to a real mail server, and once."""

import asyncio
import signal
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from uuid import UUID

import pytest

from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.notifications.carriers.carrying import Handover, NotTaken
from solvent.notifications.carriers.file import FOLDER
from solvent.notifications.domain import LetterRefused, OutcomeOfLetterUnknown
from solvent.notifications.jobs import carrier_of, letter_job
from solvent.notifications.operations.deliver_letter import deliver_letter
from solvent.notifications.operations.forget_letters import forget_letters
from solvent.runtime.database import JOBS, DatabaseAddress, connect
from solvent.runtime.jobs.queue import FailedJob, failed_jobs, retry_job
from solvent.runtime.jobs.runner import JobRunner, Pace
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import load
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import Member, newcomer
from tests.database.letters import queued_letters
from tests.mailboxes import certificate, mail_server

PATIENCE_S = 20.0
QUICK = Pace(
    poll_interval=timedelta(seconds=0.2),
    retry_delay=timedelta(milliseconds=10),
    drain=timedelta(seconds=0.5),
)
LETTER = Letter(kind=LetterKind.ADDRESS_KNOWN, to="alma@example.org", path="/log-in")


def mailing_settings(folder: Path, port: int, **more: str) -> Settings:
    """Return settings that send by SMTP to this machine."""
    environ = {
        "SOLVENT_ENV": "test",
        "SOLVENT_DATA_DIR": str(folder),
        "SOLVENT_MAIL_HOST": "localhost",
        "SOLVENT_MAIL_PORT": str(port),
        "SOLVENT_MAIL_SECURITY": "none",
        "SOLVENT_MAIL_TIMEOUT_S": "2",
    }
    loaded = load(environ | more)
    assert loaded.settings is not None, loaded.findings
    return loaded.settings


@asynccontextmanager
async def posted(
    settings: Settings, address: DatabaseAddress, works: Works
) -> AsyncGenerator[None, None]:
    """Work letters off for the block."""
    runner = JobRunner(address, works, [letter_job(settings)], QUICK)
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.stop()
        await task


async def send(works: Works, settings: Settings) -> None:
    async with works.for_nobody(cause="test") as work:
        await Letters(settings.secrets.keys).send(work, LETTER)


async def left(address: DatabaseAddress) -> tuple[int, list[FailedJob]]:
    """Return how many letters still wait, and those that were given up."""
    connection = await connect(address.queue, JOBS)
    try:
        waiting = await connection.fetchval("select count(*) from job where status <> 'failed'")
        return waiting, await failed_jobs(connection)
    finally:
        await connection.close()


async def worked_off(address: DatabaseAddress) -> list[FailedJob]:
    """Wait until no letter waits; return those that were given up."""
    async with asyncio.timeout(PATIENCE_S):
        while (state := await left(address))[0]:  # noqa: ASYNC110 - the database is waited for
            await asyncio.sleep(0.05)
    return state[1]


async def test_a_letter_goes_out_over_tls_to_a_server_that_asks_who_calls(
    address: DatabaseAddress, works: Works, tmp_path: Path
) -> None:
    trusted, tls = certificate(tmp_path)
    with mail_server(tls=tls, login=("solvent", "p\u00e4ss")) as box:
        secured = {
            "SOLVENT_MAIL_SECURITY": "starttls",
            "SOLVENT_MAIL_USER": "solvent",
            "SOLVENT_MAIL_PASSWORD": "p\u00e4ss",
            "SOLVENT_MAIL_CA_FILE": str(trusted),
        }
        settings = mailing_settings(tmp_path, box.port, **secured)
        await send(works, settings)
        async with posted(settings, address, works):
            assert await worked_off(address) == []
    (message,) = box.taken
    assert box.encrypted == [True]
    assert message["To"] == "alma@example.org"
    text = message.get_body(("plain",))
    assert text is not None
    assert f"{settings.public_url}/log-in" in text.get_content()


async def test_a_server_without_the_trusted_certificate_gets_no_letter(
    works: Works, tmp_path: Path
) -> None:
    _, tls = certificate(tmp_path)
    with mail_server(tls=tls) as box:
        settings = mailing_settings(tmp_path, box.port, SOLVENT_MAIL_SECURITY="starttls")
        with pytest.raises(NotTaken):
            await deliver(works, settings, UUID(int=1))
    assert box.taken == []


async def test_a_server_that_is_busy_gets_the_letter_later_and_once(
    address: DatabaseAddress, works: Works, tmp_path: Path
) -> None:
    with mail_server(recipient_answers=["450 later"], data_answers=["451 once more"]) as box:
        settings = mailing_settings(tmp_path, box.port)
        await send(works, settings)
        async with posted(settings, address, works):
            assert await worked_off(address) == []
    assert len(box.taken) == 1


async def test_a_server_that_refuses_for_good_is_not_asked_again(
    address: DatabaseAddress, works: Works, tmp_path: Path
) -> None:
    with mail_server(recipient_answers=["550 no alma@example.org here"]) as box:
        settings = mailing_settings(tmp_path, box.port)
        await send(works, settings)
        async with posted(settings, address, works):
            (given_up,) = await worked_off(address)
    assert given_up.reason == LetterRefused.code
    assert box.taken == []


async def test_a_line_that_breaks_in_the_last_moment_sends_no_second_copy_by_itself(
    address: DatabaseAddress, works: Works, tmp_path: Path
) -> None:
    with mail_server(hangs_up_after_data=True) as box:
        settings = mailing_settings(tmp_path, box.port)
        await send(works, settings)
        async with posted(settings, address, works):
            (held,) = await worked_off(address)
            assert held.reason == OutcomeOfLetterUnknown.code
            assert len(box.taken) == 1
            box.hangs_up_after_data = False
            await ask_again(address, held.id)
            assert await worked_off(address) == []
    first, second = box.taken
    assert first["Message-ID"] == second["Message-ID"]


async def ask_again(address: DatabaseAddress, job: int) -> None:
    """Retry a job, as an operator does."""
    connection = await connect(address.queue, JOBS)
    try:
        await retry_job(connection, job)
    finally:
        await connection.close()


class Dying:
    """Carries a letter and dies before anybody hears of it."""

    def __init__(self) -> None:
        self.carried = 0

    async def carry(self, message: EmailMessage, *, handover: Handover) -> None:
        await handover()
        self.carried += 1
        raise KeyboardInterrupt(signal.SIGKILL, message["To"])


async def test_a_worker_that_dies_between_sends_no_second_copy(works: Works) -> None:
    carrier = Dying()
    with pytest.raises(KeyboardInterrupt):
        await deliver_letter(works, carrier, letter=UUID(int=1), message=EmailMessage())
    with pytest.raises(OutcomeOfLetterUnknown):
        await deliver_letter(works, carrier, letter=UUID(int=1), message=EmailMessage())
    assert carrier.carried == 1


async def deliver(works: Works, settings: Settings, letter: UUID) -> None:
    message = EmailMessage()
    message["From"] = message["To"] = "alma@example.org"
    message["Message-ID"] = f"<{letter}@localhost>"
    message.set_content("Hello")
    carrier = carrier_of(settings, "localhost")
    await deliver_letter(works, carrier, letter=letter, message=message)


async def test_a_letter_that_went_is_not_sent_again_until_it_is_forgotten(
    works: Works, settings: Settings, clock: HandMovedClock, tmp_path: Path
) -> None:
    await deliver(works, settings, UUID(int=2))
    (kept,) = (tmp_path / FOLDER).glob("*.eml")
    assert kept.stat().st_mode & 0o777 == 0o600
    kept.unlink()
    await deliver(works, settings, UUID(int=2))
    assert not list((tmp_path / FOLDER).iterdir())
    assert await forget_letters(works) == 0
    clock.advance(days=31)
    assert await forget_letters(works) == 1


async def test_the_owner_of_a_known_address_is_written_to_once_a_day(
    signed_up: Member, address: DatabaseAddress, settings: Settings, clock: HandMovedClock
) -> None:
    async def again() -> list[Letter]:
        body = newcomer("Alma@example.org")
        answer = await signed_up.client.post("/api/v1/auth/register", json=body)
        assert answer.status_code == 409
        return await queued_letters(address, settings, LetterKind.ADDRESS_KNOWN)

    (letter,) = await again()
    assert letter.to == "alma@example.org"
    assert len(await again()) == 1
    clock.advance(days=1, seconds=1)
    assert len(await again()) == 2
