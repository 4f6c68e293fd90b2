"""What is drawn from the code and kept in the documents: the graph and the list of refusals.

``python -m tools.generated`` writes whatever is out of date; the rules in ``tools.tidy`` only look.
"""

import ast
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from tools.graph import current_graph, redrawn
from tools.tidy.refusals import refusals_in, statuses_in
from tools.tidy.source import Source

ROOT = Path(__file__).parent.parent
ARCHITECTURE = "ARCHITECTURE.md"
REFUSALS = "docs/reference/refusals.md"

_REFUSALS_OPENING = """\
# Refusals

What Solvent answers when it will not do something, by its stable code. A problem carries the code, a
sentence that names the remedy, and facts for a program.

| code | status | meaning |
|---|---|---|
"""


def generated(sources: Iterable[Source]) -> Iterator[tuple[str, str]]:
    """Yield path and text of each document as the code of Solvent would have it."""
    solvent = [source for source in sources if source.module]
    architecture = (ROOT / ARCHITECTURE).read_text("utf-8")
    yield ARCHITECTURE, redrawn(architecture, current_graph())
    yield REFUSALS, refusals_page(solvent)


def refusals_page(sources: Iterable[Source]) -> str:
    """Write the table of codes, statuses and what each class says of itself."""
    known = list(sources)
    statuses = statuses_in(known)
    rows = sorted(
        f"| `{refusal.code}` | {statuses.get(refusal.code, '')} | {_meaning(refusal.node)} |\n"
        for refusal in refusals_in(known)
        if refusal.code is not None
    )
    return _REFUSALS_OPENING + "".join(rows)


def _meaning(node: ast.ClassDef) -> str:
    """Return the first paragraph of a class's docstring on one line."""
    paragraph = (ast.get_docstring(node) or "").split("\n\n")[0]
    return " ".join(paragraph.replace("``", "`").replace("|", "\\|").split())


def python_of_solvent() -> list[Source]:
    """Read the Python files of the package."""
    found = sorted((ROOT / "src").rglob("*.py"))
    return [Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8")) for path in found]


def main() -> None:
    """Write what is out of date and name it."""
    for path, text in generated(python_of_solvent()):
        target = ROOT / path
        if not target.exists() or target.read_text("utf-8") != text:
            target.write_text(text, "utf-8")
            sys.stdout.write(f"wrote {path}\n")


if __name__ == "__main__":
    main()
