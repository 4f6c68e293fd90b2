"""Log out everywhere: every session ends at once, this one too unless it is kept."""

from solvent.identity.store.sessions import Sessions
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def log_out_everywhere(work: Work, *, keep_this: bool = False) -> int:
    """End the sessions of the person of ``work`` on every node; return how many."""
    kept = work.scope.session if keep_this else None
    ended = await Sessions(work).end_all(work.person, but=kept)
    work.security.note(SecurityKind.SESSIONS_ENDED, facts={"count": ended})
    return ended
