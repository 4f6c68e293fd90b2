"""Every kind of job and everything that recurs, handed to one runner."""

import asyncio
import signal
from collections.abc import Awaitable, Callable, Iterator
from functools import partial

from solvent.entrypoints.verification import verify_and_log
from solvent.identity.jobs import letter_jobs
from solvent.identity.letters import Letters
from solvent.identity.operations.forget_attempts import forget_attempts
from solvent.identity.operations.forget_links import forget_links
from solvent.identity.operations.forget_sessions import forget_sessions
from solvent.intake.jobs import KINDS as INTAKE
from solvent.intake.operations.forget_previews import forget_previews
from solvent.kernel.clock import Clock
from solvent.ledger.jobs import KINDS as LEDGER
from solvent.notifications.jobs import letter_job
from solvent.notifications.operations.forget_letters import forget_letters
from solvent.oversight.operations.retire_records import retire_records
from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.jobs.kinds import Schedule
from solvent.runtime.jobs.runner import JobRunner
from solvent.runtime.keywatch import following
from solvent.runtime.log import logger
from solvent.runtime.pruning import forget_answers
from solvent.runtime.settinggroups import Settings
from solvent.runtime.systemclock import SystemClock
from solvent.runtime.work import Works

log = logger("jobs")

KINDS = (*INTAKE, *LEDGER)

POOL = PoolSize(
    smallest=1,
    largest=10,
    acquire_timeout_s=30.0,
    statement_timeout_ms=600_000,
    lock_timeout_ms=120_000,
)
"""Two connections for each job at once and some to spare; patient, for nobody waits for an answer."""


async def work_jobs(
    settings: Settings, address: DatabaseAddress, *, clock: Clock | None = None
) -> None:
    """Work the queue of the database at ``address`` until SIGTERM or SIGINT."""
    database = Database(address, POOL)
    await database.open()
    try:
        works = Works(database, clock or SystemClock())
        runner = made_runner(settings, address, works)
        runner.schedule(retirement(works, settings))
        loop = asyncio.get_running_loop()
        for sign in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(sign, runner.stop)
        async with following(settings.secrets.keys, settings.secrets.field_keys):
            await runner.run()
    finally:
        await database.close()


def made_runner(settings: Settings, address: DatabaseAddress, works: Works) -> JobRunner:
    """Return a runner that knows every kind and every schedule."""
    letters = Letters(settings.secrets.keys)
    runner = JobRunner(address, works, (*KINDS, letter_job(settings), *letter_jobs(letters)))
    for schedule in schedules(address, works):
        runner.schedule(schedule)
    return runner


def schedules(address: DatabaseAddress, works: Works) -> Iterator[Schedule]:
    """Yield what recurs: the books are verified, and what was kept for a while is forgotten."""
    yield Schedule("books.verify", "3 * * * *", partial(verify_and_log, address))
    for name, cron, forget in (
        ("answers.forget", "13 * * * *", forget_answers),
        ("attempts.forget", "23 3 * * *", forget_attempts),
        ("links.forget", "27 3 * * *", forget_links),
        ("sessions.forget", "53 3 * * *", forget_sessions),
        ("letters.forget", "43 3 * * *", forget_letters),
        ("previews.forget", "33 3 * * *", forget_previews),
    ):
        yield Schedule(name, cron, partial(_told, name, partial(forget, works)))


def retirement(works: Works, settings: Settings) -> Schedule:
    """Return the nightly removal of records that are older than they are kept."""
    keys, kept = settings.secrets.field_keys, settings.retention
    retire = partial(retire_records, works, keys=keys, kept=kept)
    name = "records.retire"
    return Schedule(name, "43 3 * * *", partial(_told, name, retire))


async def _told(name: str, forget: Callable[[], Awaitable[int]]) -> None:
    """Do it, and write down how much there was."""
    log.info("rows.forgotten", schedule=name, rows=await forget())
