"""``solvent verify``: hold the books of every household against all that must be true of them."""

from collections.abc import Iterator

from solvent.entrypoints.cli.answers import DONE, REFUSED, AsJson, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.databases import database_at, place, run
from solvent.entrypoints.verification import INVARIANTS, Finding
from solvent.entrypoints.verification import verify as verify_books
from solvent.runtime.environment import process_environment
from solvent.runtime.settings import load


def verify(*, data_dir: DataDir = None, as_json: AsJson = False) -> int:
    """Verify the books of every household; exit 1 with what is wrong."""
    flags = {} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)}
    with database_at(place(data_dir)) as address:
        settings = load(process_environment(), flags=flags).settings
        keys = None if settings is None else settings.secrets.field_keys
        findings = run(verify_books(address, keys))
    document = {
        "holds": not findings,
        "signatures": "unchecked" if keys is None else "checked",
        "invariants": len(INVARIANTS) + 1,
        "findings": findings,
    }
    show(document, _lines(findings), as_json=as_json)
    return REFUSED if findings else DONE


def _lines(findings: list[Finding]) -> Iterator[str]:
    """Say it for a person, by keys and never by amounts."""
    if not findings:
        yield f"The books hold: {len(INVARIANTS) + 1} invariants, nothing offends any of them."
    for finding in findings:
        yield f"{finding.code}: {finding.count} offend. {finding.why}"
        for offender in finding.offenders:
            yield "  " + " ".join(f"{name}={value}" for name, value in offender.items())
        if finding.count > len(finding.offenders) > 1:
            yield f"  … and {finding.count - len(finding.offenders)} more"
