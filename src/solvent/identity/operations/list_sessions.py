"""List where a person is logged in, and end one of those log-ins."""

from uuid import UUID

from solvent.identity.domain import OpenSession
from solvent.identity.store.sessions import Sessions
from solvent.kernel.errors import NotFound
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def list_sessions(work: Work) -> list[OpenSession]:
    """Return the person's sessions that have not ended, newest first."""
    return await Sessions(work).of_person(work.person)


async def end_session(work: Work, *, session: UUID) -> None:
    """End one of the person's own sessions."""
    sessions = Sessions(work)
    if session not in {one.id for one in await sessions.of_person(work.person)}:
        raise NotFound("session")
    await sessions.end(session)
    work.security.note(SecurityKind.SESSION_ENDED, session=session)
