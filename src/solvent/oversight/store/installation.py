"""The installation as its operators see it, through functions of the database that ask who is asking."""

from uuid import UUID

from solvent.kernel.errors import NotFound
from solvent.oversight.domain import KnownEvent, KnownHousehold, KnownPerson, Overview
from solvent.runtime.jobs.queue import FailedJob
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Installation:
    """People, households and security events; empty for whoever is no operator."""

    IS_OPERATOR = sql("select is_operator()")
    PEOPLE = sql("""
        select id, email, name, created_at, operator, disabled, sessions
          from operator_people($1, $2, $3)
    """)
    HOUSEHOLDS = sql("""
        select id, name, created_at, members, records from operator_households($1, $2)
    """)
    EVENTS = sql("""
        select seq, at, kind, person_id, email, actor, cause, request_id, network, agent, facts
          from operator_events($1, $2, $3, $4)
    """)
    OVERVIEW = sql("""
        select people, disabled, operators, sessions, households, alerts, failed_logins, waiting_jobs,
               failed_jobs
          from operator_overview($1)
    """)
    FAILED_JOBS = sql("""
        select id, kind, attempts, queued_at, failed_at, reason from operator_jobs($1, $2)
    """)
    RETRY = sql("select operator_retry($1)")
    DISABLE = sql("select operator_disable($1, $2, $3)")

    def __init__(self, work: Work) -> None:
        """Ask for the person of ``work``."""
        self._work = work

    async def is_mine(self) -> bool:
        """Tell whether the person of the work is an operator."""
        return bool(await self._work.value(self.IS_OPERATOR))

    async def overview(self) -> Overview:
        """Return how much there is of everything."""
        found = await self._work.one(Overview, self.OVERVIEW, self._work.clock.now())
        if found is None:
            raise NotFound("page")
        return found

    async def people(self, *, search: str, before: UUID | None, limit: int) -> list[KnownPerson]:
        """Return people whose name or address holds ``search``, newest first."""
        return await self._work.fetch(KnownPerson, self.PEOPLE, search, before, limit)

    async def households(self, *, before: UUID | None, limit: int) -> list[KnownHousehold]:
        """Return households, newest first."""
        return await self._work.fetch(KnownHousehold, self.HOUSEHOLDS, before, limit)

    async def events(
        self, *, kind: str | None, person: UUID | None, before: int, limit: int
    ) -> list[KnownEvent]:
        """Return security events, newest first."""
        return await self._work.fetch(KnownEvent, self.EVENTS, kind, person, before, limit)

    async def failed_jobs(self, *, after: int, limit: int) -> list[FailedJob]:
        """Return jobs that were given up, oldest first."""
        return await self._work.fetch(FailedJob, self.FAILED_JOBS, after, limit)

    async def retry(self, job: int) -> bool:
        """Have a job that was given up tried again; tell whether there was such one."""
        return await self._work.value(self.RETRY, job) is not None

    async def disable(self, person: UUID, *, disabled: bool | None) -> bool:
        """Shut ``person`` out or let them in; None only ends their log-ins. Tell whether it was done."""
        return bool(await self._work.value(self.DISABLE, person, disabled, self._work.clock.now()))
