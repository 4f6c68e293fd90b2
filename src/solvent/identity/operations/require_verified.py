"""Require a verified address: inviting others, linking a bank and making tokens wait for it."""

from solvent.identity.domain import NotVerified
from solvent.identity.operations.read_person import read_person
from solvent.runtime.work import Work


async def require_verified(work: Work) -> None:
    """Raise :class:`NotVerified` unless the person of ``work`` has verified their address.

    Whoever acts without a person is the machine itself.
    """
    if work.scope.person is not None and not (await read_person(work)).verified:
        raise NotVerified
