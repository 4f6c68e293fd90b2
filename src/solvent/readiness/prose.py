"""The report as Markdown, for a pull request, a ticket or a terminal."""

from collections.abc import Iterator, Mapping
from typing import Any

_SIGNS = {"proved": "✓", "failed": "✗", "unproved": "·", "waived": "w", "not applicable": "-"}


def markdown_of(document: Mapping[str, Any]) -> str:
    """Return the report: verdict, matrix, then every claim that is not proved, then the proved."""
    return "\n".join(_lines(document)) + "\n"


def _lines(document: Mapping[str, Any]) -> Iterator[str]:
    score, built, installation = (
        document["score"],
        document["score_of_built"],
        document["installation"],
    )
    yield f"# {document['verdict']}: {score['percent']} %"
    yield ""
    yield (
        f"{installation['url']} ({installation['environment']}), Solvent {document['release']}, "
        f"profile {document['profile']}, {document['ended_at']}, valid until "
        f"{document['valid_until']}. Of what is built: {built['percent']} %."
    )
    yield from ("", *(f"- {_cell(each)}" for each in document["objections"]))
    yield from ("", "## By component", "")
    yield "| component | dimension | proved | failed |"
    yield "|---|---|---|---|"
    for cell in document["matrix"]:
        yield f"| {cell['component']} | {cell['dimension']} | {cell['percent']} % | {cell['failed']} |"
    if document["trend"]:
        yield from _trend(document["trend"])
    yield from ("", "## Claims", "", "| | claim | outcome |", "|---|---|---|")
    for claim in sorted(document["claims"], key=lambda each: each["outcome"] == "proved"):
        outcome = f"{claim['outcome']}: {claim['reason']}" if claim["reason"] else claim["outcome"]
        sign = _SIGNS[claim["outcome"]]
        yield f"| {sign} | `{claim['id']}` {_cell(claim['claim'])} | {_cell(outcome)} |"


def _trend(trend: Mapping[str, Any]) -> Iterator[str]:
    yield from ("", f"## Since {trend['since']} ({trend['percent']} %)", "")
    for each in trend["changed"]:
        yield f"- `{each['id']}`: {each['was']} → {each['is']}"
    if not trend["changed"]:
        yield "Nothing has changed."


def _cell(text: str) -> str:
    """Return ``text`` as one cell of a table."""
    return text.replace("|", "\\|").replace("\n", " ").replace("<", "&lt;")
