"""The report as one page: self-contained, without a script, under a policy that lets none in."""

from base64 import b64encode
from collections.abc import Mapping
from hashlib import sha256
from importlib.resources import files
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

_FOLDER = files("solvent.readiness") / "templates"
DIMENSIONS = ("works", "secure", "fast", "integrated")
OUTCOMES = ("failed", "unproved", "waived", "proved", "not applicable")


def page_of(document: Mapping[str, Any]) -> str:
    """Return the report as HTML; its style is let in by its digest and nothing else is."""
    style = (_FOLDER / "report.css").read_text("utf-8")
    digest = b64encode(sha256(style.encode()).digest()).decode()
    environment = Environment(
        loader=FileSystemLoader(str(_FOLDER)),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    cells = {(cell["component"], cell["dimension"]): cell for cell in document["matrix"]}
    areas: dict[str, list[Mapping[str, Any]]] = {}
    for claim in document["claims"]:
        areas.setdefault(claim["area"], []).append(claim)
    return environment.get_template("report.html").render(
        report=document,
        style=style,
        digest=digest,
        components=sorted({component for component, _ in cells}),
        dimensions=DIMENSIONS,
        outcomes=OUTCOMES,
        cells=cells,
        areas=areas,
    )
