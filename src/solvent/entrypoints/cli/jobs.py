"""``solvent jobs``: jobs that were given up, and trying them again."""

from cyclopts import App, Parameter

from solvent.entrypoints.cli.answers import DONE, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import database_at, place, run
from solvent.runtime.database import JOBS, DatabaseAddress, connect
from solvent.runtime.jobs.queue import FailedJob, failed_jobs, retry_job

app = App(name="jobs", default_parameter=Parameter(negative=()))


@app.command(name="list")
def list_(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """List the jobs that were given up, oldest first."""
    with database_at(place(data_dir)) as address:
        found = run(_failed(address))
    lines = (
        f"{job.id}  {job.kind}  {job.attempts} attempts  {job.failed_at:%Y-%m-%d %H:%M}  {job.reason}"
        for job in found
    )
    show({"failed": found}, lines, as_json=as_json)
    return DONE


@app.command
def retry(job: int, /, *, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """Have a job that was given up tried again.

    Parameters
    ----------
    job
        Its number, as ``solvent jobs list`` shows it.
    """
    with database_at(place(data_dir)) as address:
        run(_retry(address, job))
    show({"queued": job}, [f"Job {job} is queued again."], as_json=as_json)
    return DONE


async def _failed(address: DatabaseAddress) -> list[FailedJob]:
    connection = await connect(address.queue, JOBS)
    try:
        return await failed_jobs(connection)
    finally:
        await connection.close()


async def _retry(address: DatabaseAddress, job: int) -> None:
    connection = await connect(address.queue, JOBS)
    try:
        await retry_job(connection, job)
    finally:
        await connection.close()
