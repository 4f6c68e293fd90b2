"""Renew recovery codes: ten new ones, shown once; those before count no longer."""

import secrets

from solvent.factors.domain import (
    RECOVERY_CODE_BYTES,
    RECOVERY_CODES,
    NoAuthenticator,
    recovery_code,
    recovery_digest,
)
from solvent.factors.store.codes import Codes
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.sealing import Seal
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def renew_recovery_codes(work: Work, seal: Seal) -> list[str]:
    """Return ten new recovery codes of somebody who has an authenticator."""
    require_recent_proof(work)
    if not await Codes(work, seal, work.person).has_authenticator():
        raise NoAuthenticator
    return await new_recovery_codes(work, seal)


async def new_recovery_codes(work: Work, seal: Seal) -> list[str]:
    """Put ten new codes in the place of all before; only their digests are kept."""
    made = [recovery_code(secrets.token_bytes(RECOVERY_CODE_BYTES)) for _ in range(RECOVERY_CODES)]
    digests = [recovery_digest(work.person, code) for code in made]
    await Codes(work, seal, work.person).replace_recovery(digests)
    work.security.note(SecurityKind.RECOVERY_CODES_MADE)
    return made
