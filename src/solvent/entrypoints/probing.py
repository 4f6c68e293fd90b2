"""Every probe of the house, by the claim that it proves."""

from collections.abc import Sequence
from typing import Final

from solvent.identity.probes import PROBES as IDENTITY
from solvent.kernel.probe import Probe
from solvent.readiness.probes.headers import PROBES as HEADERS

PROBES: Final[Sequence[Probe]] = (*IDENTITY, *HEADERS)


def probes_by_claim() -> dict[str, Probe]:
    """Return the probes by claim; two for one claim are a mistake of ours."""
    found = {probe.claim: probe for probe in PROBES}
    if len(found) != len(PROBES):
        raise RuntimeError("two probes prove the same claim")
    return found
