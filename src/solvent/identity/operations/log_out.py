"""Log out: the session ends at once, on every node."""

from solvent.identity.store.sessions import Sessions
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def log_out(work: Work, *, refresh_token: str | None = None) -> None:
    """End the session of ``refresh_token``, or else that of ``work``; one that has ended stays so."""
    sessions = Sessions(work)
    session = work.scope.session
    if refresh_token is not None:
        session = await sessions.of_token(token_digest(refresh_token))
    if session is not None and await sessions.end(session):
        work.security.note(SecurityKind.SESSION_ENDED, session=session)
