"""Change a passkey: call it something else, or take it away.

The password, and the letter that resets it, always remain as a way in, so that taking the last passkey
away locks nobody out.
"""

from uuid import UUID

from solvent.factors.domain import checked_passkey_name
from solvent.factors.store.passkeys import Passkeys
from solvent.kernel.errors import NotFound
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def rename_passkey(work: Work, *, passkey: UUID, name: str) -> None:
    """Call one of the person's passkeys ``name``."""
    if not await Passkeys(work).rename(passkey, checked_passkey_name(name)):
        raise NotFound("passkey")


async def remove_passkey(work: Work, *, passkey: UUID) -> None:
    """Take one of the person's passkeys away."""
    require_recent_proof(work)
    if not await Passkeys(work).remove(passkey):
        raise NotFound("passkey")
    work.security.note(SecurityKind.FACTOR_REMOVED, subject=passkey, facts={"factor": "passkey"})
