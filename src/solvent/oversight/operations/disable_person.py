"""Disable a person, enable them again, or end their log-ins, as an operator."""

from uuid import UUID

from solvent.kernel.errors import NotFound
from solvent.oversight.store.installation import Installation
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work

KINDS = {
    True: SecurityKind.PERSON_DISABLED,
    False: SecurityKind.PERSON_ENABLED,
    None: SecurityKind.SESSIONS_ENDED,
}


async def disable_person(
    work: Work, installation: Installation, *, person: UUID, disabled: bool | None
) -> None:
    """Shut ``person`` out or let them in; None only ends their log-ins.

    Operators cannot do this to themselves. Both sides of it are noted: what was done, and to whom.
    """
    if not await installation.disable(person, disabled=disabled):
        raise NotFound("person")
    work.security.note(KINDS[disabled], person=person)
    facts = {"did": KINDS[disabled].value}
    work.security.note(SecurityKind.OPERATOR_ACTED, subject=person, facts=facts)
