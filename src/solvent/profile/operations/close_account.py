"""Close an account: the person goes, and with them the households that are theirs alone."""

from solvent.profile.domain import OthersWouldBeLeft
from solvent.profile.store import close
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def close_account(work: Work) -> None:
    """Remove the person of ``work``, who has proved a moment ago that it is them.

    Refuse while they are the only owner of a household that others are members of.
    """
    require_recent_proof(work)
    if left := await close(work):
        raise OthersWouldBeLeft(left)
    work.security.note(SecurityKind.PERSON_CLOSED)
