"""Log in an API client: a session and its first pair of tokens."""

from datetime import timedelta
from uuid import UUID

from solvent.identity.domain import TokenPair
from solvent.identity.operations.prove_password import CAUSE
from solvent.identity.operations.require_enabled import require_enabled
from solvent.identity.store.sessions import Sessions
from solvent.runtime.edge.credentials import Tokens, token_digest
from solvent.runtime.ids import new_id, new_token
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settinggroups import SessionSettings
from solvent.runtime.work import Work, Works

API = "api"


async def log_in(
    works: Works,
    tokens: Tokens,
    *,
    person: UUID,
    multi_factor: bool,
    lifetimes: SessionSettings,
    agent: str = "",
) -> TokenPair:
    """Open an API session of ``person``, who has proved who they are."""
    async with works.for_nobody(cause=CAUSE) as work:
        await require_enabled(work, person=person)
        session = new_id()
        expires_at = work.clock.now() + timedelta(days=lifetimes.refresh_days)
        await Sessions(work).open(
            session,
            person=person,
            channel=API,
            expires_at=expires_at,
            agent=agent,
            multi_factor=multi_factor,
        )
        work.security.note(
            SecurityKind.LOGIN_SUCCEEDED, person=person, session=session, facts={"channel": API}
        )
        return await issue_pair(work, tokens, session=session, lifetimes=lifetimes)


async def issue_pair(
    work: Work, tokens: Tokens, *, session: UUID, lifetimes: SessionSettings
) -> TokenPair:
    """Make the next pair of tokens of a session; only the refresh token's digest is kept."""
    lifetime = timedelta(minutes=lifetimes.access_minutes)
    pair = TokenPair(
        access_token=tokens.access_token(session, lifetime=lifetime),
        refresh_token=new_token(),
        expires_in=int(lifetime.total_seconds()),
    )
    await Sessions(work).issue(session, token_digest(pair.refresh_token))
    return pair
