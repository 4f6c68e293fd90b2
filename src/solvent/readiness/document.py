"""The report as data: what ``report.json`` holds, and how the last one is read again."""

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any, TypeAlias, cast

from solvent.readiness.domain import (
    BadRecord,
    Findings,
    Outcome,
    Verdict,
    built,
    changed,
    matrix,
    objections,
    score_of,
)

Document: TypeAlias = dict[str, Any]

FORMAT = 1
REPORT_BYTES_MAX = 50_000_000
READY, NOT_READY = "READY", "NOT READY"


def document_of(findings: Findings, before: Mapping[str, Any] | None) -> Document:
    """Return the report on ``findings``, with the trend against the report ``before``."""
    verdicts = findings.verdicts
    against = list(objections(verdicts))
    counts = Counter(verdict.outcome for verdict in verdicts)
    return {
        "format": FORMAT,
        "product": "solvent",
        "release": findings.release,
        "installation": {"url": findings.url, "environment": findings.environment},
        "profile": findings.profile,
        "areas": findings.areas,
        "drills": findings.drills,
        "began_at": findings.began_at.isoformat(),
        "ended_at": findings.ended_at.isoformat(),
        "valid_until": findings.valid_until.isoformat(),
        "verdict": NOT_READY if against else READY,
        "objections": against,
        "score": _score(verdicts),
        "score_of_built": _score(built(verdicts)),
        "counts": {str(outcome): counts[outcome] for outcome in Outcome},
        "matrix": [
            {
                "component": cell.component,
                "dimension": cell.dimension,
                "percent": cell.score.percent,
                "proved": cell.score.proved,
                "of": cell.score.of,
                "failed": cell.failed,
            }
            for cell in matrix(verdicts)
        ],
        "trend": None if before is None else _trend(verdicts, before),
        "left_behind": findings.left_behind,
        "claims": [_claim(verdict) for verdict in verdicts],
    }


def canonical(document: Mapping[str, Any]) -> bytes:
    """Return the one spelling of a report that its signature is made over."""
    unsigned = {name: value for name, value in document.items() if name != "signature"}
    return json.dumps(unsigned, sort_keys=True, separators=(",", ":")).encode("ascii")


def read_document(path: Path) -> Document:
    """Read a report; refuse what is none."""
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(REPORT_BYTES_MAX))
    except OSError as gone:
        raise BadRecord(f"{path} cannot be read: {gone.strerror}.") from gone
    except ValueError as bad:
        raise BadRecord(f"{path} is no report: it is not JSON.") from bad
    if not isinstance(found, dict) or cast("Document", found).get("format") != FORMAT:
        raise BadRecord(f"{path} is no report that this release can read.")
    return cast("Document", found)


def _score(verdicts: Iterable[Verdict]) -> Document:
    score = score_of(verdicts)
    return {"percent": score.percent, "proved": score.proved, "of": score.of}


def _trend(verdicts: Iterable[Verdict], before: Mapping[str, Any]) -> Document:
    """Say what differs from an earlier report."""
    earlier = {each["id"]: each["outcome"] for each in before["claims"]}
    return {
        "since": before["ended_at"],
        "percent": before["score"]["percent"],
        "changed": [
            {"id": claim, "was": was, "is": now} for claim, was, now in changed(verdicts, earlier)
        ],
    }


def _claim(verdict: Verdict) -> Document:
    """Return one claim with what became of it."""
    claim = verdict.claim
    return {
        "id": claim.id,
        "area": claim.area,
        "claim": claim.claim,
        "kind": claim.kind,
        "component": claim.component,
        "dimensions": claim.dimensions,
        "weight": claim.weight,
        "blocker": claim.blocker,
        "decision": claim.decision,
        "outcome": verdict.outcome,
        "reason": verdict.reason,
        "at": verdict.at.isoformat(),
        "ms": verdict.ms,
        "evidence": [
            {name: value for name, value in asdict(step).items() if value not in (None, "")}
            for step in verdict.evidence
        ],
    }
