"""The security events of one person; row-level security shows nobody another's."""

from solvent.oversight.domain import Activity
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Events:
    """What happened to the ways in of the person of a work."""

    NEWEST = sql("""
        select seq, at, kind, network::text, agent, session_id, facts::text from security_event
         where person_id = $1 and seq < $2 and kind <> 'session.refreshed'
         order by seq desc limit $3
    """)

    def __init__(self, work: Work) -> None:
        """Serve the person of ``work``."""
        self._work = work

    async def newest(self, *, before: int, limit: int) -> list[Activity]:
        """Return at most ``limit`` of their events under ``before``, newest first."""
        return await self._work.fetch(Activity, self.NEWEST, self._work.person, before, limit)
