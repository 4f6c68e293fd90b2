"""Every probe of the house, by the claim that it proves."""

from collections.abc import Sequence
from typing import Final

from solvent.identity.probes import pages, passwords, tokens
from solvent.kernel.probe import Probe
from solvent.readiness.probes import (
    access,
    audit,
    command,
    config,
    headers,
    inputs,
    origins,
    rates,
    scans,
    secrets,
    waysin,
)

PROBES: Final[Sequence[Probe]] = (
    *tokens.PROBES,
    *passwords.PROBES,
    *pages.PROBES,
    *access.PROBES,
    *waysin.PROBES,
    *headers.PROBES,
    *origins.PROBES,
    *rates.PROBES,
    *inputs.PROBES,
    *scans.PROBES,
    *secrets.PROBES,
    *config.PROBES,
    *audit.PROBES,
    *command.PROBES,
)


def probes_by_claim() -> dict[str, Probe]:
    """Return the probes by claim; two for one claim are a mistake of ours."""
    found = {probe.claim: probe for probe in PROBES}
    if len(found) != len(PROBES):
        raise RuntimeError("two probes prove the same claim")
    return found
