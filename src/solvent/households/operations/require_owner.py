"""Require an owner: who belongs to a household, and how far they go, owners alone decide."""

from solvent.kernel.access import Role
from solvent.kernel.errors import NotAllowed
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.work import Work


def require_owner(work: Work, *, proof: bool = True) -> None:
    """Refuse anyone who is no owner, or has not proved a moment ago that it is still them."""
    if work.scope.role != Role.OWNER:
        raise NotAllowed("Only an owner of this household may do that. Ask one of them.")
    if proof:
        require_recent_proof(work)
