"""Require that somebody who has proved who they are is not shut out."""

from uuid import UUID

from solvent.identity.domain import PersonDisabled
from solvent.identity.store.people import People
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def require_enabled(work: Work, *, person: UUID) -> None:
    """Raise :class:`PersonDisabled` for whom an operator has disabled, and note that they came.

    Asked after every proof was given: who does not know the password learns nothing.
    """
    if await People(work).is_disabled(person):
        work.security.note(SecurityKind.LOGIN_DISABLED, person=person)
        raise PersonDisabled
