"""Remove an authenticator, and the recovery codes that stood in for it."""

from solvent.factors.domain import NoAuthenticator
from solvent.factors.store.codes import Codes
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.sealing import Seal
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def remove_authenticator(work: Work, seal: Seal) -> None:
    """Log in by password alone from now on."""
    require_recent_proof(work)
    if not await Codes(work, seal, work.person).remove():
        raise NoAuthenticator
    work.security.note(SecurityKind.FACTOR_REMOVED, facts={"factor": "authenticator"})
