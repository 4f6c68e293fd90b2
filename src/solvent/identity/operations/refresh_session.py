"""Refresh a session: a refresh token is used once, and buys the next pair."""

from datetime import timedelta

from solvent.identity.domain import RefreshRefused, RefreshReused, TokenPair
from solvent.identity.operations.log_in import issue_pair
from solvent.identity.store.sessions import Sessions
from solvent.runtime.edge.credentials import Tokens, token_digest
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settinggroups import SessionSettings
from solvent.runtime.work import Works

CAUSE = "refresh"


async def refresh_session(
    works: Works, tokens: Tokens, *, refresh_token: str, lifetimes: SessionSettings
) -> TokenPair:
    """Return the next pair of the session that ``refresh_token`` belongs to.

    A token that was used before ends the whole session, for somebody else may hold a copy of it:
    raise :class:`RefreshReused`. Raise :class:`RefreshRefused` for one that leads nowhere.
    """
    digest = token_digest(refresh_token)
    async with works.for_nobody(cause=CAUSE) as work:
        sessions = Sessions(work)
        session = await sessions.spend(digest)
        if session is not None:
            expires_at = work.clock.now() + timedelta(days=lifetimes.refresh_days)
            await sessions.extend(session, expires_at)
            work.security.note(SecurityKind.SESSION_REFRESHED, session=session)
            return await issue_pair(work, tokens, session=session, lifetimes=lifetimes)
        reused = await sessions.spent(digest)
        if reused is not None:
            await sessions.end(reused)
            work.security.note(SecurityKind.SESSION_TOKEN_REUSED, session=reused)
    # Refused only now: that the session has ended must be kept.
    if reused is None:
        raise RefreshRefused
    raise RefreshReused
