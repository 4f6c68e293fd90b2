"""Keep that the person of a session has just proved who they are."""

from solvent.identity.store.sessions import Sessions
from solvent.runtime.proof import ProofNeeded
from solvent.runtime.work import Work


async def keep_proof(work: Work, *, multi_factor: bool = False) -> None:
    """Write the proof down with the session of ``work``; refuse what acts without one."""
    if work.scope.session is None:
        raise ProofNeeded
    await Sessions(work).prove(work.scope.session, multi_factor=multi_factor)
