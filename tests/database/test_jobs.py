"""Jobs: added with the change that wants them, done, tried again, held, and never lost."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any
from uuid import UUID

import asyncpg
import msgspec
import pytest

from solvent.kernel.errors import BadValue, NotFound
from solvent.runtime.database import JOBS, Database, DatabaseAddress, connect
from solvent.runtime.jobs.kinds import JobKind, Schedule
from solvent.runtime.jobs.queue import FailedJob, enqueue, failed_jobs, in_turn, retry_job
from solvent.runtime.jobs.runner import JobRunner, Pace
from solvent.runtime.scope import NOBODY
from solvent.runtime.work import Work, Works
from tests.database.clients import Member
from tests.database.servers import Server

QUICK = Pace(
    heartbeat_timeout=timedelta(seconds=2),
    poll_interval=timedelta(seconds=0.2),
    retry_delay=timedelta(milliseconds=10),
    drain=timedelta(seconds=0.5),
)
PATIENCE_S = 20.0


class Note(msgspec.Struct, frozen=True):
    text: str


class OfHousehold(msgspec.Struct, frozen=True):
    household: UUID


def kind(handle: Callable[[Works, Note], Awaitable[None]], **more: Any) -> JobKind[Note]:
    return JobKind("test.note", Note, handle, **more)


@asynccontextmanager
async def running(runner: JobRunner) -> AsyncGenerator[None, None]:
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.stop()
        await task


async def until(done: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not await done():  # noqa: ASYNC110 - the database is what is waited for
            await asyncio.sleep(0.05)


async def asked(address: DatabaseAddress, statement: str, *arguments: object) -> list[Any]:
    """Ask as the role that works the queue."""
    connection = await connect(address.queue, JOBS)
    try:
        return [tuple(row) for row in await connection.fetch(statement, *arguments)]
    finally:
        await connection.close()


async def held(address: DatabaseAddress) -> list[FailedJob]:
    connection = await connect(address.queue, JOBS)
    try:
        return await failed_jobs(connection)
    finally:
        await connection.close()


async def is_empty(address: DatabaseAddress) -> bool:
    return await asked(address, "select id from job") == []


async def add(works: Works, *texts: str) -> None:
    async with works.for_nobody(cause="test") as work:
        for text in texts:
            await enqueue(work, "test.note", Note(text))


async def test_a_job_is_done_after_the_change_that_wants_it(
    address: DatabaseAddress, works: Works
) -> None:
    seen: list[str] = []

    async def handle(_: Works, note: Note) -> None:
        seen.append(note.text)

    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        async with works.for_nobody(cause="test") as work:
            await enqueue(work, "test.note", Note("groß"))
            await asyncio.sleep(0.5)
            assert seen == []
        await until(lambda: is_empty(address))
    assert seen == ["groß"]
    assert await asked(address, "select status::text from job_log order by id") == [
        ("queued",),
        ("picked",),
        ("successful",),
    ]


async def test_a_job_waits_its_time_and_what_is_wanted_once_is_added_once(
    address: DatabaseAddress, works: Works
) -> None:
    async with works.for_nobody(cause="test") as work:
        first = await enqueue(work, "test.note", Note("a"), after=timedelta(hours=1), once="note")
        again = await enqueue(work, "test.note", Note("b"), after=timedelta(hours=1), once="note")
    assert (first is None, again) == (False, None)
    due = "select execute_after - created > interval '59 minutes' from job"
    assert await asked(address, due) == [(True,)]


async def test_a_change_that_is_rolled_back_leaves_no_job(
    address: DatabaseAddress, works: Works
) -> None:
    async def change() -> None:
        async with works.for_nobody(cause="test") as work:
            await enqueue(work, "test.note", Note("never"))
            raise BadValue("No.", field="test")

    with pytest.raises(BadValue):
        await change()
    assert await is_empty(address)


async def test_a_job_without_a_transaction_is_a_bug(
    address: DatabaseAddress, database: Database, works: Works
) -> None:
    async with database.connection() as connection:
        work = Work(connection, scope=NOBODY, clock=works.clock, actor="test", cause="test")
        with pytest.raises(RuntimeError, match="transaction"):
            await enqueue(work, "test.note", Note("lost"))
    assert await is_empty(address)


async def test_what_goes_wrong_is_tried_again(address: DatabaseAddress, works: Works) -> None:
    tries: list[str] = []

    async def handle(_: Works, note: Note) -> None:
        tries.append(note.text)
        if len(tries) < 3:
            raise ConnectionError("a word that stays out of the queue")

    await add(works, "thrice")
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await until(lambda: is_empty(address))
    assert tries == ["thrice"] * 3
    kept = await asked(address, "select traceback::text from job_log where traceback is not null")
    assert len(kept) == 2
    assert not any("a word" in text for (text,) in kept)


async def test_what_goes_on_going_wrong_is_held_and_shown_and_can_be_tried_again(
    address: DatabaseAddress, works: Works
) -> None:
    abandoned: list[str] = []
    broken = [True]

    async def handle(_: Works, _note: Note) -> None:
        if broken[0]:
            raise ConnectionError

    async def abandon(_: Works, note: Note) -> None:
        abandoned.append(note.text)

    async def is_held() -> bool:
        return bool(await held(address))

    await add(works, "doomed")
    async with running(JobRunner(address, works, [kind(handle, abandon=abandon)], QUICK)):
        await until(is_held)
        (failed,) = await held(address)
        assert (failed.kind, failed.attempts, failed.reason) == ("test.note", 5, "ConnectionError")
        assert abandoned == ["doomed"]
        broken[0] = False
        connection = await connect(address.queue, JOBS)
        await retry_job(connection, failed.id)
        with pytest.raises(NotFound):
            await retry_job(connection, failed.id)
        await connection.close()
        await until(lambda: is_empty(address))


async def test_a_refusal_is_final(address: DatabaseAddress, works: Works) -> None:
    tries: list[str] = []

    async def handle(_: Works, note: Note) -> None:
        tries.append(note.text)
        raise BadValue("It will not do.", field="test")

    async def is_held() -> bool:
        return bool(await held(address))

    await add(works, "once")
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await until(is_held)
    assert tries == ["once"]
    assert [each.reason for each in await held(address)] == ["bad_value"]


async def test_a_job_that_cannot_be_read_is_held(address: DatabaseAddress, works: Works) -> None:
    async def handle(_: Works, _note: Note) -> None:
        raise AssertionError("it must not be called")

    async def is_held() -> bool:
        return bool(await held(address))

    async with works.for_nobody(cause="test") as work:
        await enqueue(work, "test.note", OfHousehold(UUID(int=1)))
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await until(is_held)


async def test_a_job_that_kills_whoever_takes_it_up_is_held(
    address: DatabaseAddress, works: Works
) -> None:
    async def handle(_: Works, _note: Note) -> None:
        raise AssertionError("it must not be called")

    async def is_held() -> bool:
        return bool(await held(address))

    await add(works, "poison")
    await asked(
        address,
        "insert into job_log (job_id, status, priority, entrypoint)"
        " select id, 'picked', 0, entrypoint from job, generate_series(1, 10) returning id",
    )
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await until(is_held)


async def test_runners_share_the_queue(address: DatabaseAddress, works: Works) -> None:
    done: dict[str, list[str]] = {"one": [], "other": []}

    def runner(name: str) -> JobRunner:
        async def handle(_: Works, note: Note) -> None:
            done[name].append(note.text)
            await asyncio.sleep(0.05)

        return JobRunner(address, works, [kind(handle)], QUICK)

    texts = [str(number) for number in range(30)]
    await add(works, *texts)
    async with running(runner("one")), running(runner("other")):
        await until(lambda: is_empty(address))
    assert sorted(done["one"] + done["other"], key=int) == texts
    assert done["one"]
    assert done["other"]


async def test_jobs_of_one_household_run_one_after_the_other(
    address: DatabaseAddress, works: Works, signed_up: Member
) -> None:
    steps: list[str] = []

    async def handle(works: Works, told: OfHousehold) -> None:
        async with works.for_machine(told.household, cause="test") as work:
            await in_turn(work)
            steps.append("in")
            await asyncio.sleep(0.1)
            steps.append("out")

    async def is_done() -> bool:
        left = "select id from job where entrypoint = 'test.turn'"
        return await asked(address, left) == []

    async with works.for_nobody(cause="test") as work:
        for _ in range(4):
            await enqueue(work, "test.turn", OfHousehold(signed_up.household))
    turns = JobKind("test.turn", OfHousehold, handle)
    async with running(JobRunner(address, works, [turns], QUICK)):
        await until(is_done)
    assert steps == ["in", "out"] * 4


async def test_stopping_lets_a_job_finish(address: DatabaseAddress, works: Works) -> None:
    began, done = asyncio.Event(), asyncio.Event()

    async def handle(_: Works, _note: Note) -> None:
        began.set()
        await asyncio.sleep(0.2)
        done.set()

    await add(works, "short")
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await began.wait()
    assert done.is_set()
    assert await is_empty(address)


async def test_stopping_puts_a_long_job_back(address: DatabaseAddress, works: Works) -> None:
    began, rolled_back = asyncio.Event(), asyncio.Event()

    async def handle(_: Works, _note: Note) -> None:
        began.set()
        try:
            await asyncio.sleep(60)
        finally:
            rolled_back.set()

    await add(works, "long")
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await began.wait()
    assert rolled_back.is_set()
    assert await asked(address, "select status::text from job") == [("queued",)]


DIES = """
import asyncio, sys
from datetime import timedelta
import msgspec
from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.jobs.kinds import JobKind
from solvent.runtime.jobs.runner import JobRunner
from solvent.runtime.systemclock import SystemClock
from solvent.runtime.work import Works

class Note(msgspec.Struct):
    text: str

async def handle(works, note):
    print("taken", flush=True)
    await asyncio.sleep(600)

async def main():
    address = DatabaseAddress(*sys.argv[1:4], jobs=sys.argv[4])
    database = Database(address, PoolSize())
    await database.open()
    await JobRunner(address, Works(database, SystemClock()), [JobKind("test.note", Note, handle)]).run()

asyncio.run(main())
"""


async def test_a_job_whose_process_is_killed_is_taken_up_within_thirty_seconds(
    address: DatabaseAddress, works: Works
) -> None:
    await add(works, "orphan")
    taken_up = asyncio.Event()

    async def handle(_: Works, _note: Note) -> None:
        taken_up.set()

    places = (address.app, address.owner, address.listen, address.queue)
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-c", DIES, *places, stdout=asyncio.subprocess.PIPE
    )
    assert victim.stdout is not None
    assert await victim.stdout.readline() == b"taken\n"
    victim.kill()
    await victim.wait()
    async with running(JobRunner(address, works, [kind(handle)])):
        async with asyncio.timeout(30):
            await taken_up.wait()
        await until(lambda: is_empty(address))


async def test_a_lost_connection_is_made_again(
    server: Server, address: DatabaseAddress, works: Works, database: Database
) -> None:
    seen: list[str] = []

    async def handle(_: Works, note: Note) -> None:
        seen.append(note.text)

    async with database.connection() as connection:
        name = str(await connection.fetchval("select current_database()"))
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await add(works, "before")
        await until(lambda: is_empty(address))
        admin = await asyncpg.connect(server.admin(name))
        ended = await admin.fetchval(
            "select count(pg_terminate_backend(pid)) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
        await admin.close()
        assert ended >= 2
        await asyncio.sleep(0.2)
        await add(works, "after")
        await until(lambda: is_empty(address))
    assert seen == ["before", "after"]


async def test_names_in_the_environment_lead_nowhere_else(
    address: DatabaseAddress, works: Works, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("QUEUE_TABLE", "PGQUEUER_QUEUE_TABLE", "CHANNEL", "PGQUEUER_SCHEMA", "TRIGGER"):
        monkeypatch.setenv(name, "elsewhere")
    monkeypatch.setenv("PGQUEUER_PREFIX", "their_")
    seen: list[str] = []

    async def handle(_: Works, note: Note) -> None:
        seen.append(note.text)

    await add(works, "here")
    async with running(JobRunner(address, works, [kind(handle)], QUICK)):
        await until(lambda: is_empty(address))
    assert seen == ["here"]


async def test_what_recurs_runs_when_it_is_due_and_once_in_the_fleet(
    address: DatabaseAddress, works: Works
) -> None:
    runs: list[str] = []
    has_run = asyncio.Event()

    def runner() -> JobRunner:
        async def recur() -> None:
            runs.append("ran")
            has_run.set()
            raise ConnectionError("it comes again all the same")

        made = JobRunner(address, works, [], QUICK)
        made.schedule(Schedule("test.yearly", "7 4 5 6 *", recur))
        return made

    async def is_known() -> bool:
        known = await asked(address, "select entrypoint from job_schedule")
        return ("test.yearly",) in known

    async with running(runner()):
        await until(is_known)
    assert runs == []
    await asked(address, "update job_schedule set next_run = now() - interval '1 day' returning id")
    async with running(runner()), running(runner()):
        async with asyncio.timeout(PATIENCE_S):
            await has_run.wait()
        await asyncio.sleep(0.5)
    assert runs == ["ran"]
    (due,) = await asked(
        address,
        "select next_run > now() from job_schedule where entrypoint = 'test.yearly'",
    )
    assert due == (True,)


async def test_the_application_reads_no_jobs_and_the_queues_role_no_books(
    address: DatabaseAddress, works: Works
) -> None:
    async with works.for_nobody(cause="test") as work:
        with pytest.raises(Exception, match="permission denied for table job"):
            await work.connection.fetch("select payload from job")
    with pytest.raises(Exception, match="permission denied for table posting"):
        await asked(address, "select * from posting")
