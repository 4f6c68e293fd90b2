"""Certify an installation: run the probe of each claim, one after the other."""

import time
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from solvent.kernel.clock import Clock
from solvent.kernel.probe import Kind, Need, NotApplicable, Probe, Unproved
from solvent.readiness.bench import WorkBench
from solvent.readiness.domain import Attestation, Claim, Outcome, Verdict, Waiver
from solvent.runtime.log import logger
from solvent.runtime.redaction import told

log = logger("readiness")


@dataclass(frozen=True, slots=True)
class Commission:
    """What is to be certified, and what is given for it."""

    claims: Sequence[Claim]
    probes: Mapping[str, Probe]
    granted: frozenset[Need]
    waivers: Mapping[str, Waiver] = field(default_factory=dict[str, Waiver])
    attestations: Mapping[str, Attestation] = field(default_factory=dict[str, Attestation])

    @property
    def place(self) -> dict[str, int]:
        """Where each claim stands in a report."""
        return {claim.id: number for number, claim in enumerate(self.claims)}

    @property
    def in_order(self) -> Sequence[Claim]:
        """The claims as they are looked into: what disturbs comes last."""

        def disturbs(claim: Claim) -> bool:
            probe = self.probes.get(claim.id)
            return probe is not None and Need.DRILLS in probe.needs

        return sorted(self.claims, key=disturbs)


async def certify_installation(
    bench: WorkBench, *, commission: Commission
) -> AsyncIterator[Verdict]:
    """Yield the verdict on each claim as it is found."""
    for claim in commission.in_order:
        at = bench.clock.now()
        if claim.not_built:
            yield Verdict(claim, Outcome.UNPROVED, at, f"not built: {claim.not_built}")
        elif claim.kind is Kind.ATTESTED:
            yield _attested(claim, commission.attestations.get(claim.id), bench.clock)
        else:
            found = await _probed(bench.for_probe(), claim, commission, at)
            yield _waived(found, commission.waivers.get(claim.id))


async def _probed(bench: WorkBench, claim: Claim, commission: Commission, at: datetime) -> Verdict:
    """Run the claim's probe and judge by what it held."""
    probe = commission.probes.get(claim.id)
    if probe is None:
        return Verdict(claim, Outcome.UNPROVED, at, "no probe: nothing can be told yet")
    if lacking := sorted(probe.needs - commission.granted):
        return Verdict(claim, Outcome.UNPROVED, at, f"needs {' and '.join(lacking)}")
    began = time.perf_counter()
    outcome, reason = await _run(bench, probe)
    return Verdict(
        claim,
        outcome,
        at,
        reason,
        tuple(bench.evidence),
        round((time.perf_counter() - began) * 1000, 1),
    )


async def _run(bench: WorkBench, probe: Probe) -> tuple[Outcome, str]:
    """Run ``probe`` and say what it came to, and why."""
    reason = ""
    try:
        await probe.run(bench)
    except NotApplicable as apart:
        return Outcome.NOT_APPLICABLE, str(apart)
    except Unproved as unclear:
        reason = str(unclear)
    except Exception as bug:
        log.exception("probe.failed", claim=probe.claim)
        reason = f"the probe broke down: {type(bug).__name__}: {told(bug)[:200]}"
    failed = [step.what for step in bench.evidence if step.held is False]
    if failed:
        return Outcome.FAILED, "; ".join(failed)
    if reason:
        return Outcome.UNPROVED, reason
    if not any(step.held for step in bench.evidence):
        return Outcome.UNPROVED, "the probe held nothing"
    return Outcome.PROVED, ""


def _attested(claim: Claim, record: Attestation | None, clock: Clock) -> Verdict:
    """Judge a claim by the record that somebody made."""
    at = clock.now()
    if record is None:
        return Verdict(claim, Outcome.UNPROVED, at, "no attestation is given")
    said = (
        f"attested by {record.who} on {record.on}, document {record.document_sha256}, "
        f"valid to {record.expires}"
    )
    if record.by_test:
        return Verdict(claim, Outcome.UNPROVED, at, f"{said}; made by a test, so it does not count")
    if record.expires < at.date():
        return Verdict(claim, Outcome.UNPROVED, at, f"{said}; that day has passed")
    return Verdict(claim, Outcome.PROVED, at, said)


def _waived(verdict: Verdict, waiver: Waiver | None) -> Verdict:
    """Let an open claim stay open where somebody answers for it."""
    if waiver is None or verdict.outcome not in {Outcome.FAILED, Outcome.UNPROVED}:
        return verdict
    said = f"waived by {waiver.name} until {waiver.expires}: {waiver.reason}"
    return Verdict(
        verdict.claim,
        Outcome.WAIVED,
        verdict.at,
        f"{said} (was {verdict.outcome}: {verdict.reason})",
        verdict.evidence,
        verdict.ms,
    )
