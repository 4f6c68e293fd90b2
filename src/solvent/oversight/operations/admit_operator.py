"""Admit an operator: named, with two factors, from a network that operators work from."""

from collections.abc import Sequence
from ipaddress import ip_address

from solvent.kernel.errors import NotFound
from solvent.oversight.store.installation import Installation
from solvent.runtime.origin import current_origin
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Network
from solvent.runtime.work import Work


async def admit_operator(work: Work, *, networks: Sequence[Network], page: str) -> Installation:
    """Return the installation for the operator of ``work``, and note that they looked at ``page``.

    To everybody else, and to an operator without a second factor or from elsewhere, it is not there.
    """
    if not await Installation(work).is_mine():
        raise NotFound("page")
    why = _why_not(work, networks)
    if why is not None:
        work.security.note(SecurityKind.OPERATOR_REFUSED, facts={"page": page, "why": why})
        raise NotFound("page")
    work.security.note(SecurityKind.OPERATOR_LOOKED, facts={"page": page})
    return Installation(work)


def _why_not(work: Work, networks: Sequence[Network]) -> str | None:
    """Return what an operator lacks, if anything."""
    if not work.scope.multi_factor:
        return "one factor"
    try:
        address = ip_address(current_origin().address)
    except ValueError:
        return "no address"
    at_home = address.is_loopback or address.is_private
    allowed = any(address in network for network in networks) if networks else at_home
    return None if allowed else "network"
