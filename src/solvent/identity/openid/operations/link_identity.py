"""Link an identity to the person who is logged in, as another way in."""

from solvent.identity.openid.domain import (
    LINKED_MAX,
    Identity,
    IdentityTaken,
    LinkedIdentity,
    TooManyLinks,
)
from solvent.identity.openid.store import LinkedIdentities
from solvent.runtime.ids import new_id
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def link_identity(work: Work, *, identity: Identity) -> None:
    """Let ``identity`` lead to the person of ``work`` from now on; wants a recent proof.

    Refuse one that leads to somebody else; one that is theirs already stays so.
    """
    require_recent_proof(work)
    await add_link(work, identity=identity)


async def add_link(work: Work, *, identity: Identity) -> None:
    """Let ``identity`` lead to the person of ``work``, who has just been made or proved."""
    identities = LinkedIdentities(work)
    if await identities.person(identity) == work.person:
        return
    if len(await identities.of_person(work.person)) >= LINKED_MAX:
        raise TooManyLinks
    link = new_id()
    if not await identities.add(link, work.person, identity):
        raise IdentityTaken
    work.security.note(SecurityKind.IDENTITY_LINKED, subject=link)


async def list_links(work: Work) -> list[LinkedIdentity]:
    """Return what the person of ``work`` has linked, oldest first."""
    return await LinkedIdentities(work).of_person(work.person)
