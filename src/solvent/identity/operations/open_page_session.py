"""Open a page's session: an opaque token for the browser's cookie."""

from datetime import timedelta
from uuid import UUID

from solvent.identity.store.sessions import Sessions
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.ids import new_id, new_token
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
    token = new_token()
    await Sessions(work).open(
        new_id(),
        person=person,
        channel=PAGE,
        expires_at=work.clock.now() + timedelta(days=lifetimes.page_days),
        agent=agent,
        token_digest=token_digest(token),
        multi_factor=multi_factor,
    )
    return token
