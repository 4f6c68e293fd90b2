"""Find the person whom an identity leads to."""

from uuid import UUID

from solvent.identity.openid.domain import Identity
from solvent.identity.openid.store import LinkedIdentities
from solvent.runtime.work import Work


async def find_person(work: Work, *, identity: Identity) -> UUID | None:
    """Return who has linked ``identity``, and note that they used it; None when nobody has.

    An equal e-mail address leads to nobody.
    """
    identities = LinkedIdentities(work)
    person = await identities.person(identity)
    if person is not None:
        await identities.note_use(identity)
    return person


async def has_account(work: Work, *, identity: Identity) -> bool:
    """Tell whether somebody has registered with the verified address of ``identity``."""
    return identity.email is not None and await LinkedIdentities(work).is_known(identity.email)
