"""The runner: works the queue by way of PgQueuer, until it is told to stop.

PgQueuer deletes a job that fails or is cancelled unless told otherwise. Here a job that fails is
tried again and then held, one that is interrupted goes back into the queue, and one whose process
died is taken up by another: its heartbeat stops. What went wrong is logged, redacted; the queue's own
tables get the name of the error and never its words.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeAlias

import asyncpg
import msgspec
from pgqueuer.adapters.drivers.asyncpg import AsyncpgDriver
from pgqueuer.adapters.persistence.qb import (
    QueryBuilderEnvironment,
    QueryQueueBuilder,
    QuerySchedulerBuilder,
)
from pgqueuer.adapters.persistence.queries import Queries
from pgqueuer.core.qm import QueueManager
from pgqueuer.core.sm import SchedulerManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job
from pgqueuer.domain.models import Schedule as DueSchedule
from pgqueuer.domain.settings import DBSettings
from pgqueuer.domain.types import Channel

from solvent.kernel.errors import Refusal
from solvent.runtime import log as logs
from solvent.runtime.database import JOBS, DatabaseAddress, DatabaseUnavailable, connect
from solvent.runtime.jobs.kinds import JobKind, Schedule
from solvent.runtime.outcomes import PASSING
from solvent.runtime.statements import sql
from solvent.runtime.work import Works

log = logs.logger("jobs")

AT_ONCE_MAX = 4
BATCH = 2
TAKEN_MAX = 10
"""How often a job is taken up before it counts as one that kills whoever does."""
RETRY_DELAY_FACTOR = 4.0
RETRY_DELAY_MAX = timedelta(minutes=5)
BUSY_POLL_INTERVAL = timedelta(seconds=0.5)
RECONNECT_DELAY_S_MIN, RECONNECT_DELAY_S_MAX = 0.5, 5.0
LOG_KEPT = timedelta(days=14)
PRUNE_CRON = "17 * * * *"

CHANNEL = Channel("solvent_jobs")
TAKEN = sql("select count(*) from job_log where job_id = $1 and status = 'picked'")
PRUNE_LOG = sql("""
    delete from job_log l
     where l.created < now() - $1::interval and not exists (select from job j where j.id = l.job_id)
""")

_LOST = (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError, DatabaseUnavailable)

AnyKind: TypeAlias = JobKind[Any]


@dataclass(frozen=True, slots=True)
class Pace:
    """How patient a runner is.

    A job whose worker has been silent for ``heartbeat_timeout`` is taken up by another, which looks
    every ``poll_interval``. What fails waits ``retry_delay``, then longer and longer. Running jobs
    may go on for ``drain`` after the word to stop; then they go back into the queue.
    """

    heartbeat_timeout: timedelta = timedelta(seconds=12)
    poll_interval: timedelta = timedelta(seconds=5)
    retry_delay: timedelta = timedelta(seconds=2)
    drain: timedelta = timedelta(seconds=20)


class JobFailed(Exception):  # noqa: N818 - told to PgQueuer, and to nobody else
    """A job is given up; says why in one word, for the queue keeps what it is told."""


class RoleNotGranted(Refusal):
    """The login may not act as the role that works the queue."""

    code = "runtime.role_not_granted"

    def __init__(self, role: str) -> None:
        """Say what an administrator runs."""
        super().__init__(
            f"The database login may not act as {role}. As an administrator run: "
            f"GRANT {role} TO that login. Jobs connect by SOLVENT_DB_LISTEN_URL, or else by "
            "SOLVENT_DB_OWNER_URL.",
            role=role,
        )


class JobRunner:
    """Works the queue of one database; several runners share it."""

    def __init__(
        self,
        address: DatabaseAddress,
        works: Works,
        kinds: Iterable[AnyKind],
        pace: Pace | None = None,
    ) -> None:
        """Do jobs of ``kinds`` by ``works``; nothing is connected yet."""
        self._pace = pace or Pace()
        self._address = address
        self._works = works
        self._kinds = {kind.name: kind for kind in kinds}
        self._schedules: list[Schedule] = []
        self._stopping = asyncio.Event()
        self._shutdown = asyncio.Event()
        self._running: set[asyncio.Task[None]] = set()

    def schedule(self, schedule: Schedule) -> None:
        """Have ``schedule`` run when it is due, by one runner of all."""
        self._schedules.append(schedule)

    def stop(self) -> None:
        """Take up nothing more; ``run`` returns when what runs is done, or back in the queue."""
        self._stopping.set()
        self._shutdown.set()

    async def run(self) -> None:
        """Work until told to stop, connecting again whenever the database goes away."""
        logging.getLogger("pgqueuer").setLevel(logging.CRITICAL)  # what it says is said here
        drain = asyncio.create_task(self._end_of_drain())
        delay = RECONNECT_DELAY_S_MIN
        try:
            while not self._stopping.is_set():
                began = asyncio.get_running_loop().time()
                try:
                    await self._connected()
                except (
                    asyncpg.InvalidParameterValueError,
                    asyncpg.InsufficientPrivilegeError,
                ) as no:
                    raise RoleNotGranted(JOBS) from no
                except Exception as lost:
                    # Whatever it was that ended it, jobs must go on.
                    log.warning("queue.lost", exc_info=None if isinstance(lost, _LOST) else lost)
                if asyncio.get_running_loop().time() - began > RECONNECT_DELAY_S_MAX:
                    delay = RECONNECT_DELAY_S_MIN
                await self._pause(delay)
                delay = min(delay * 2, RECONNECT_DELAY_S_MAX)
        finally:
            drain.cancel()

    async def _pause(self, seconds: float) -> None:
        """Wait, but not beyond the word to stop."""
        try:
            async with asyncio.timeout(seconds):
                await self._stopping.wait()
        except TimeoutError:
            return

    async def _connected(self) -> None:
        """Work on one connection until it breaks or the word to stop comes."""
        connection = await connect(self._address.queue, JOBS)
        try:
            queries = _queries(AsyncpgDriver(connection))
            self._shutdown = asyncio.Event()
            if self._stopping.is_set():
                return
            queue, scheduler = self._managers(queries, self._shutdown)
            log.info("queue.opened", kinds=len(self._kinds))
            tasks = [
                asyncio.create_task(
                    queue.run(
                        dequeue_timeout=self._pace.poll_interval,
                        batch_size=BATCH,
                        max_concurrent_tasks=AT_ONCE_MAX,
                        shutdown_on_listener_failure=True,
                        heartbeat_timeout=self._pace.heartbeat_timeout,
                        log_aggregation_interval=timedelta(0),
                    )
                ),
                asyncio.create_task(scheduler.run()),
            ]
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            self._shutdown.set()  # one that fails ends the other in order
            await asyncio.wait(tasks)
            for task in tasks:
                task.result()
        finally:
            await _closed(connection)

    def _managers(
        self, queries: Queries, shutdown: asyncio.Event
    ) -> tuple[QueueManager, SchedulerManager]:
        """Tell PgQueuer of every kind and schedule."""
        queue = QueueManager(queries, CHANNEL)
        queue.min_dequeue_poll_interval = BUSY_POLL_INTERVAL
        scheduler = SchedulerManager(queries)
        queue.shutdown = scheduler.shutdown = shutdown
        for kind in self._kinds.values():
            queue.entrypoint(kind.name, on_failure="hold")(self._worker(kind, queries))
        prune = Schedule("jobs.prune_log", PRUNE_CRON, lambda: _prune(queries))
        for schedule in (*self._schedules, prune):
            scheduler.schedule(schedule.name, schedule.cron)(_recurring(schedule))
        return queue, scheduler

    def _worker(self, kind: AnyKind, queries: Queries) -> Callable[[Job], Awaitable[None]]:
        """Return what PgQueuer calls for each job of ``kind``."""

        async def work_off(job: Job) -> None:
            logs.bind(job=job.id, kind=kind.name, attempt=job.attempts + 1)
            payload = _payload(job, kind)
            rows = await queries.driver.fetch(TAKEN, job.id)
            if int(str(rows[0]["count"])) > TAKEN_MAX:
                log.error("job.abandoned")
                raise await self._abandoned(kind, payload, "taken up too often")
            task = asyncio.ensure_future(kind.handle(self._works, payload))
            self._running.add(task)
            try:
                await task
            except asyncio.CancelledError:
                log.warning("job.interrupted")
                raise RetryRequested(reason="interrupted") from None
            except Exception as error:  # noqa: BLE001 - what kind of failure it is, is told there
                raise await self._after(error, job, kind, payload) from None
            finally:
                self._running.discard(task)
            log.info("job.finished")

        return work_off

    async def _after(
        self, error: Exception, job: Job, kind: AnyKind, payload: msgspec.Struct
    ) -> Exception:
        """Return what to tell PgQueuer of a failure: to try again, or to give the job up."""
        reason = error.code if isinstance(error, Refusal) else type(error).__name__
        final = isinstance(error, Refusal) and not isinstance(error, PASSING)
        if not final and job.attempts + 1 < kind.attempts_max:
            log.warning("job.retried", exc_info=error)
            delay = self._pace.retry_delay * RETRY_DELAY_FACTOR**job.attempts
            return RetryRequested(delay=min(delay, RETRY_DELAY_MAX), reason=reason)
        log.error("job.failed", exc_info=error)
        return await self._abandoned(kind, payload, reason)

    async def _abandoned(self, kind: AnyKind, payload: msgspec.Struct, reason: str) -> JobFailed:
        """Let the slice say that a job of its own has failed for good."""
        try:
            await kind.abandon(self._works, payload)
        except Exception:
            log.exception("job.abandoned_badly")
        return JobFailed(reason)

    async def _end_of_drain(self) -> None:
        """Interrupt what still runs a while after the word to stop."""
        await self._stopping.wait()
        await asyncio.sleep(self._pace.drain.total_seconds())
        for task in tuple(self._running):
            task.cancel()


def _queries(driver: AsyncpgDriver) -> Queries:
    """Return PgQueuer's statements under the names of the house.

    The names are given whole: it would read those left out from the environment.
    """
    names = DBSettings(
        prefix="",
        db_schema="solvent",
        channel=CHANNEL,
        function="job_added",
        trigger="added",
        queue_table="job",
        queue_table_log="job_log",
        queue_status_type="job_status",
        statistics_table="job_statistics",
        schedules_table="job_schedule",
    )
    return Queries(
        driver,
        qbe=QueryBuilderEnvironment(names),
        qbq=QueryQueueBuilder(names),
        qbs=QuerySchedulerBuilder(names),
    )


def _payload(job: Job, kind: AnyKind) -> msgspec.Struct:
    """Return what the job is told; one that cannot be read is given up."""
    try:
        payload: msgspec.Struct = msgspec.json.decode(job.payload or b"", type=kind.payload)
    except msgspec.MsgspecError:
        log.exception("job.unreadable")
        raise JobFailed("unreadable payload") from None
    return payload


def _recurring(schedule: Schedule) -> Callable[[DueSchedule], Awaitable[None]]:
    """Return what PgQueuer calls when ``schedule`` is due; the next time comes whatever happens."""

    async def run(_: DueSchedule) -> None:
        logs.bind(schedule=schedule.name)
        try:
            await schedule.run()
        except Exception:
            log.exception("schedule.failed")

    return run


async def _prune(queries: Queries) -> None:
    """Forget what happened to jobs that are long done; what is held keeps its history."""
    await queries.driver.execute(PRUNE_LOG, LOG_KEPT)


async def _closed(connection: "asyncpg.Connection[asyncpg.Record]") -> None:
    """Close a connection that may be broken."""
    try:
        await connection.close(timeout=2)
    except (TimeoutError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
        connection.terminate()
