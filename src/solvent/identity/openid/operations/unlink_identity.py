"""Unlink an identity: it leads to nobody any longer."""

from uuid import UUID

from solvent.identity.openid.store import LinkedIdentities
from solvent.kernel.errors import NotFound
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def unlink_identity(work: Work, *, link: UUID) -> None:
    """Remove one of the person's own links; wants a recent proof."""
    require_recent_proof(work)
    if not await LinkedIdentities(work).remove(link, work.person):
        raise NotFound("link")
    work.security.note(SecurityKind.IDENTITY_UNLINKED, subject=link)
