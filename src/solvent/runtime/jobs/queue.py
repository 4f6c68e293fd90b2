"""The queue as the house uses it: jobs are added with the change that wants them, and looked at."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import msgspec

from solvent.kernel.errors import NotFound
from solvent.runtime.database import Connection
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

FAILED_LISTED_MAX = 1_000
AT_ONCE: Final = timedelta()

ENQUEUE = sql("""
    with added as (
        insert into job (priority, status, entrypoint, payload, execute_after, dedupe_key)
        values (0, 'queued', $1, $2, now() + $3, $4) on conflict do nothing returning id)
    insert into job_log (job_id, status, priority, entrypoint)
    select id, 'queued', 0, $1 from added returning job_id
""")
IN_TURN = sql("select pg_advisory_xact_lock(hashtextextended('jobs ' || $1::text, 0))")
FAILED = sql("""
    select id, kind, attempts, queued_at, failed_at, reason from given_up_jobs(0, $1)
""")
RETRY = sql("select retry_job($1)")


@dataclass(frozen=True, slots=True)
class FailedJob:
    """A job that was given up; ``reason`` is a code or the name of an error, never its words."""

    id: int
    kind: str
    attempts: int
    queued_at: datetime
    failed_at: datetime
    reason: str


async def enqueue(
    work: Work,
    kind: str,
    payload: msgspec.Struct,
    *,
    after: timedelta = AT_ONCE,
    once: str | None = None,
) -> int | None:
    """Add a job in the transaction of ``work`` and return its number.

    It is done after the commit and not at all without one; not before ``after`` has passed. With
    ``once`` it is added, and returned, only while no other job of that name waits or runs.
    """
    if not work.connection.is_in_transaction():
        raise RuntimeError("a job is enqueued in the transaction of the change that wants it")
    job: int | None = await work.value(ENQUEUE, kind, msgspec.json.encode(payload), after, once)
    return job


async def in_turn(work: Work) -> None:
    """Wait until no other job of the household runs; hold others back until the end of ``work``."""
    await work.execute(IN_TURN, str(work.household))


async def failed_jobs(connection: Connection) -> list[FailedJob]:
    """Return the jobs that were given up, oldest first, on a connection of ``solvent_jobs``."""
    return [FailedJob(*row) for row in await connection.fetch(FAILED, FAILED_LISTED_MAX)]


async def retry_job(connection: Connection, job: int) -> None:
    """Have a job that was given up tried again; refuse when there is no such one."""
    if await connection.fetchval(RETRY, job) is None:
        raise NotFound("failed job")
