"""Reports of browsers: what the policy for content kept from running.

Both forms are read: that of CSP 2 (``application/csp-report``, one report) and that of the Reporting
API (``application/reports+json``, a list). A report is written by whoever sends it; so its words are
cut, addresses lose all but their origin and path, and the log says no more than that.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any, Final, TypeAlias, cast
from urllib.parse import urlsplit

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import Response

from solvent.runtime.edge.documented import problems
from solvent.runtime.log import logger

POLICY_REPORTS_PATH: Final = "/reports/policy"
REPORT_BYTES_MAX: Final = 16 * 1024
REPORTS_PER_REQUEST_MAX: Final = 10
WORD_CHARS_MAX: Final = 60
ADDRESS_CHARS_MAX: Final = 120

_WORD = re.compile(r"[a-z][a-z-]{0,59}")

Report: TypeAlias = dict[str, Any]

_decoder: msgspec.json.Decoder[Any] = msgspec.json.Decoder(list[Report] | Report)
log = logger("edge.violations")
router = APIRouter(tags=["health"])


@router.post(POLICY_REPORTS_PATH, status_code=204, responses=problems(413))
async def post_policy_reports(request: Request) -> Response:
    """Take a browser's reports of what the policy for content forbade; what is no report is dropped."""
    for report in reports_in(await request.body()):
        log.warning("policy.violated", **report)
    return Response(status_code=204)


def reports_in(body: bytes) -> Iterator[dict[str, str]]:
    """Yield the facts of each report in ``body``, at most a few."""
    try:
        said: list[Report] | Report = _decoder.decode(body)
    except (msgspec.DecodeError, RecursionError, UnicodeDecodeError):
        return
    for report in (said if isinstance(said, list) else [said])[:REPORTS_PER_REQUEST_MAX]:
        inner = report.get("csp-report", report.get("body"))
        if isinstance(inner, dict):
            yield _facts(cast("Mapping[str, Any]", inner))


def _facts(report: Mapping[str, Any]) -> dict[str, str]:
    """Return what is worth knowing; the two forms write their names differently."""
    directive = _text(report, "effectiveDirective", "effective-directive", "violated-directive")
    directive = directive.partition(" ")[0]
    return {
        "directive": directive if _WORD.fullmatch(directive) else "unreadable",
        "blocked": _place(_text(report, "blockedURL", "blocked-uri")),
        "document": _place(_text(report, "documentURL", "document-uri")),
        "source": _place(_text(report, "sourceFile", "source-file")),
    }


def _text(report: Mapping[str, Any], *names: str) -> str:
    """Return the first of ``names`` that holds a text."""
    return next((it for name in names if isinstance(it := report.get(name), str)), "")


def _place(address: str) -> str:
    """Return an address without its query, or the word that stands in its place (``inline``)."""
    if not address or _WORD.fullmatch(address):
        return address[:WORD_CHARS_MAX]
    try:
        parts = urlsplit(address)
        place = f"{parts.scheme}://{parts.hostname or ''}{parts.path}"
    except ValueError:
        return "unreadable"
    return "".join(sign for sign in place[:ADDRESS_CHARS_MAX] if sign.isprintable())
