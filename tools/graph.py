"""The graph of packages, drawn from the imports that are really there.

It stands in ARCHITECTURE.md between two markers. An arrow that follows from others is left out, so
that the picture shows the order and not every import.
"""

from itertools import permutations

import grimp

_OPENING, _CLOSING = "<!-- graph -->", "<!-- /graph -->"


def packages_and_imports(root: str = "solvent") -> tuple[set[str], set[tuple[str, str]]]:
    """Return the packages directly below ``root`` and the (importer, imported) pairs of them."""
    graph = grimp.build_graph(root, cache_dir=None)
    packages = graph.find_children(root)
    arrows = {
        (_short(importer), _short(imported))
        for importer, imported in permutations(packages, 2)
        if graph.direct_import_exists(importer=importer, imported=imported, as_packages=True)
    }
    return {_short(package) for package in packages}, arrows


def _short(module: str) -> str:
    return module.rsplit(".", 1)[-1]


def without_shortcuts(arrows: set[tuple[str, str]]) -> set[tuple[str, str]]:
    """Leave out each arrow of an acyclic graph that a longer way implies."""
    below: dict[str, set[str]] = {}
    for importer, imported in arrows:
        below.setdefault(importer, set()).add(imported)
    return {
        (importer, imported)
        for importer, imported in arrows
        if not any(imported in _reached(other, below) for other in below[importer])
    }


def _reached(start: str, below: dict[str, set[str]]) -> set[str]:
    """Return everything that ``start`` leads to, itself not counted."""
    found: set[str] = set()
    ahead = [start]
    while ahead:
        news = below.get(ahead.pop(), set()) - found
        found |= news
        ahead += news
    return found


def drawn(packages: set[str], arrows: set[tuple[str, str]]) -> str:
    """Write packages and arrows as a Mermaid flow chart, from the top down."""
    alone = packages - {end for arrow in arrows for end in arrow}
    lines = [f"    {package}" for package in sorted(alone)]
    lines += [f"    {importer} --> {imported}" for importer, imported in sorted(arrows)]
    return "\n".join(["```mermaid", "flowchart TD", *lines, "```"])


def redrawn(document: str, graph: str) -> str:
    """Return ``document`` with ``graph`` between its markers; raise ValueError without them."""
    before, _, rest = document.partition(_OPENING)
    _, closing, after = rest.partition(_CLOSING)
    if not closing:
        raise ValueError(f"the document lacks {_OPENING} or {_CLOSING}")
    return f"{before}{_OPENING}\n{graph}\n{_CLOSING}{after}"


def current_graph() -> str:
    """Draw the packages of Solvent as they import each other now."""
    packages, arrows = packages_and_imports()
    return drawn(packages, without_shortcuts(arrows))
