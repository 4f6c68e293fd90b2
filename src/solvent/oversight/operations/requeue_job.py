"""Have a job that was given up tried again, as an operator."""

from solvent.kernel.errors import NotFound
from solvent.oversight.store.installation import Installation
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def requeue_job(work: Work, installation: Installation, *, job: int) -> None:
    """Queue ``job`` again and note who did; refuse when none of that number was given up."""
    if not await installation.retry(job):
        raise NotFound("failed job")
    facts: dict[str, str | int] = {"did": "job.retried", "job": job}
    work.security.note(SecurityKind.OPERATOR_ACTED, facts=facts)
