"""Probe of ``solvent certify`` itself: it agrees with itself, and its seal tells."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

from solvent.kernel.probe import Bench, Need, Probe, Unproved, live_probe
from solvent.readiness.bench import WorkBench
from solvent.readiness.catalogue import claims_of
from solvent.readiness.document import document_of
from solvent.readiness.domain import Findings, Outcome, Verdict
from solvent.readiness.operations.certify_installation import Commission, certify_installation
from solvent.readiness.probes.headers import PROBES as HEADERS
from solvent.readiness.seal import ReportRefused, check_seal, sealed

AREA: Final = "headers"


@live_probe("feature-certify-command", Need.INSTALLATION)
async def two_runs_agree(bench: Bench) -> None:
    """Certify one area twice, then seal a report and change it."""
    one, other = await _verdicts(bench), await _verdicts(bench)
    differ = [a.claim.id for a, b in zip(one, other, strict=True) if a.outcome != b.outcome]
    bench.hold("Two runs come to the same verdicts", one and not differ, differ or len(one))
    proved = sum(each.outcome is Outcome.PROVED for each in one)
    bench.within("Claims that they prove", proved, "claims", least=1)
    now, keys = bench.clock.now(), bench.installation.setting("SOLVENT_SECRET_KEYS")
    found = Findings(bench.url, "", "", "quick", (AREA,), False, now, now, tuple(one))  # noqa: FBT003 - no drills
    report = sealed(document_of(found, None), keys)
    check_seal(report, keys, now)
    for name, changed, at in (
        ("A changed report", report | {"verdict": "READY!"}, now),
        ("A report past its validity", report, now + timedelta(days=31)),
    ):
        try:
            check_seal(changed, keys, at)
        except ReportRefused as refused:
            bench.hold(f"{name} is refused", truth=True, got=refused.message)
        else:
            bench.hold(f"{name} is refused", truth=False)


async def _verdicts(bench: Bench) -> list[Verdict]:
    """Run the probes of one area."""
    if not isinstance(bench, WorkBench):
        raise Unproved("This bench runs one probe only.")
    probes = {probe.claim: probe for probe in HEADERS}
    commission = Commission(claims_of((AREA,)), probes, frozenset())
    return [verdict async for verdict in certify_installation(bench, commission=commission)]


PROBES: Final[Sequence[Probe]] = (two_runs_agree,)
