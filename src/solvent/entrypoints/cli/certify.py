"""``solvent certify``: prove the claims on an installation, and write the readiness report."""

import asyncio
import json
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from cyclopts import Parameter

from solvent.entrypoints.certifying import Examination, Place, examine, standing_here, write
from solvent.entrypoints.cli.answers import DONE, REFUSED, WRONG_USE, AsJson, complain, show
from solvent.entrypoints.cli.options import DataDir
from solvent.entrypoints.installation import settings_of
from solvent.kernel.clock import local_day
from solvent.readiness.catalogue import catalogue, claims_of
from solvent.readiness.document import READY, Document, document_of, read_document
from solvent.readiness.domain import BadRecord, Findings, Outcome, UnknownArea, Verdict
from solvent.readiness.page import page_of
from solvent.readiness.prose import markdown_of
from solvent.readiness.records import read_attestations, read_waivers
from solvent.readiness.seal import check_seal, sealed
from solvent.runtime.environment import process_environment
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import load
from solvent.runtime.systemclock import SystemClock

REPORT = "report.json"
FOLDER = "readiness"


def certify(
    *,
    profile: Literal["quick", "full"] = "quick",
    url: str | None = None,
    area: Annotated[list[str] | None, Parameter(consume_multiple=True)] = None,
    out: Path | None = None,
    drills: bool = False,
    waivers: Path | None = None,
    attestations: Path | None = None,
    check: Path | None = None,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> int:
    """Prove the claims on an installation and write the report; exit 0 only when it is READY.

    Parameters
    ----------
    profile
        ``quick`` takes about a minute; ``full`` also runs what takes time or load.
    url
        Certify the installation that answers there, from outside; without it, the one of this
        machine, which is served for the while when it is not already.
    area
        Only claims of these areas.
    out
        The folder for report.json, report.md and report.html.
    drills
        Also run what changes settings or breaks things.
    waivers
        A TOML file of claims that may stay open, each with name, reason and expiry.
    attestations
        A TOML file of records for what no program can prove.
    check
        Check the signature and the validity of a report instead.
    """
    flags = {} if data_dir is None else {"SOLVENT_DATA_DIR": str(data_dir)}
    if check is not None:
        return _check(check, settings_of(flags), as_json=as_json)
    try:
        examination = _examination(profile, area, waivers, attestations, drills=drills)
    except (UnknownArea, BadRecord) as wrong:
        complain(wrong.message)
        return WRONG_USE
    if url is None:
        settings: Settings | None = settings_of(flags)
        with standing_here(settings_of(flags)) as place:
            findings = _run(place, examination)
    else:
        settings = load(process_environment(), flags=flags).settings
        findings = _run(Place(url.rstrip("/")), examination)
    folder = out or _folder(settings)
    document = _written(findings, settings, folder)
    show(document, _lines(document, folder), as_json=as_json)
    return DONE if document["verdict"] == READY else REFUSED


def _examination(
    profile: str,
    areas: list[str] | None,
    waivers: Path | None,
    attestations: Path | None,
    *,
    drills: bool,
) -> Examination:
    """Return what is asked for; refuse areas and records that cannot be used."""
    chosen = tuple(dict.fromkeys(areas or ()))
    claims_of(chosen)
    today, known = local_day(SystemClock()), {claim.id for claim in catalogue()}
    return Examination(
        profile=profile,
        areas=chosen,
        drills=drills,
        waivers=read_waivers(waivers, today=today, known=known) if waivers else {},
        attestations=read_attestations(attestations, today=today, known=known)
        if attestations
        else {},
        watch=_tell,
    )


def _run(place: Place, examination: Examination) -> Findings:
    """Examine until done; SIGTERM ends it as Ctrl-C does, after clearing up."""

    async def run() -> Findings:
        task = asyncio.ensure_future(examine(place, examination))
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, task.cancel)
        return await task

    try:
        return asyncio.run(run())
    except asyncio.CancelledError as ended:
        raise KeyboardInterrupt from ended


def _tell(verdict: Verdict) -> None:
    """Say on standard error what has become of a claim that was looked into."""
    if not verdict.claim.not_built and verdict.outcome is not Outcome.PROVED:
        reason = f": {verdict.reason}" if verdict.reason else ""
        complain(f"{verdict.claim.id} {verdict.outcome}{reason}")


def _written(findings: Findings, settings: Settings | None, folder: Path) -> Document:
    """Write the report in its three forms into ``folder`` and return it."""
    folder.mkdir(parents=True, exist_ok=True)
    kept = folder / REPORT
    document = document_of(findings, read_document(kept) if kept.exists() else None)
    document = json.loads(json.dumps(document))
    if settings is not None:
        document = sealed(document, settings.secrets.keys)
    write(kept, json.dumps(document, indent=1) + "\n")
    write(folder / "report.md", markdown_of(document))
    write(folder / "report.html", page_of(document))
    return document


def _folder(settings: Settings | None) -> Path:
    """Return where reports go unless told."""
    if settings is None or settings.data_dir is None:
        return Path(FOLDER)
    return settings.data_dir / FOLDER


def _lines(document: Document, folder: Path) -> Iterator[str]:
    counts: dict[str, Any] = document["counts"]
    yield f"{document['verdict']}: {document['score']['percent']} %"
    yield ", ".join(f"{count} {name}" for name, count in counts.items() if count)
    yield f"The report is {folder / 'report.html'}"


def _check(path: Path, settings: Settings, *, as_json: bool) -> int:
    """Check a report's seal and say what it says."""
    document = read_document(path)
    check_seal(document, settings.secrets.keys, SystemClock().now())
    verdict, until = document["verdict"], document["valid_until"]
    show(
        {"stands": True, "verdict": verdict, "valid_until": until},
        [f"The report stands: {verdict}, valid until {until}."],
        as_json=as_json,
    )
    return DONE
