"""Open a page's session: an opaque token for the browser's cookie."""

from datetime import timedelta
from uuid import UUID

from solvent.identity.operations.require_enabled import require_enabled
from solvent.identity.store.sessions import Sessions
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.ids import new_id, new_token
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settinggroups import SessionSettings
from solvent.runtime.work import Work

PAGE = "page"


async def open_page_session(
    work: Work,
    *,
    person: UUID,
    lifetimes: SessionSettings,
    agent: str = "",
    multi_factor: bool = False,
) -> str:
    """Return the cookie's value for a new session of ``person``, who has proved who they are."""
    await require_enabled(work, person=person)
    token, session = new_token(), new_id()
    await Sessions(work).open(
        session,
        person=person,
        channel=PAGE,
        expires_at=work.clock.now() + timedelta(days=lifetimes.page_days),
        agent=agent,
        token_digest=token_digest(token),
        multi_factor=multi_factor,
    )
    work.security.note(
        SecurityKind.LOGIN_SUCCEEDED, person=person, session=session, facts={"channel": PAGE}
    )
    return token
