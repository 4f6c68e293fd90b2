"""What may be imported, and where: plain imports, and rooms that keep apart.

The contracts in ``pyproject.toml`` order the packages and the rooms inside a slice; the rules here
say what those cannot: that a room reaches into another slice only through the rooms meant for it.
"""

import ast
import sys
from collections.abc import Iterator

from tools.tidy.source import Finding, Function, Source

_ROOMS = frozenset({"domain", "invariants", "store", "operations", "api", "jobs", "cli", "probes"})
_PLUMBING = frozenset({"kernel", "runtime"})
_WIRING = "entrypoints"

_USE_CASES: frozenset[str | None] = frozenset({"operations", "domain", None})

_MAY_REACH: dict[str, frozenset[str | None]] = {
    "domain": frozenset({"domain"}),
    "invariants": frozenset(),
    "store": frozenset(),
    "operations": _USE_CASES,
    "api": _USE_CASES,
    "jobs": _USE_CASES,
    "cli": _USE_CASES,
    "probes": _USE_CASES,
}
"""Room → the rooms of *other* slices that it may import; None is a module that is no room."""

_AT_HOME: dict[str, frozenset[str]] = {
    "domain": frozenset({"domain"}),
    "invariants": frozenset(),
    "api": _ROOMS - {"store", "invariants"},
    "jobs": _ROOMS - {"store", "invariants"},
    "cli": _ROOMS - {"store", "invariants"},
    "probes": _ROOMS - {"store"},
}
"""Room → the rooms of its *own* slice that it may import, where that is not for layers to say."""


def imports_are_plain(source: Source) -> Iterator[Finding]:
    """Imports are absolute and at the top, and no type checker sees other ones."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ImportFrom) and node.level:
            yield source.at(node.lineno, "a relative import: write the whole name")
        if isinstance(node, ast.Name | ast.alias) and _name(node) == "TYPE_CHECKING":
            yield source.at(node.lineno, "TYPE_CHECKING hides a cycle: move the thing down")
        if isinstance(node, Function):
            for inner in ast.walk(node):
                if isinstance(inner, ast.Import | ast.ImportFrom):
                    yield source.at(inner.lineno, "an import inside a function: move it to the top")


def _name(node: ast.Name | ast.alias) -> str:
    return node.id if isinstance(node, ast.Name) else node.name


def pure_rooms_stay_pure(source: Source) -> Iterator[Finding]:
    """The kernel, and every ``domain`` and ``invariants``, import the standard library only."""
    if not _is_pure(source.module):
        return
    for line, name in _imported(source):
        top = name[0]
        if top != "solvent" and top not in sys.stdlib_module_names:
            yield source.at(
                line, f"{top} is no part of the standard library, and this is pure code"
            )


def _is_pure(module: tuple[str, ...]) -> bool:
    return module[:1] == ("kernel",) or _room(module) in {"domain", "invariants"}


def rooms_keep_apart(source: Source) -> Iterator[Finding]:
    """A room imports of its own and of other slices what the design lets it."""
    module = source.module
    if not module or module[0] == _WIRING:
        return
    for line, name in _imported(source):
        if name[0] == "solvent" and not _may(module, name[1:]):
            yield source.at(line, f"{'.'.join(module)} may not import {'.'.join(name[1:3])}")


def _may(module: tuple[str, ...], target: tuple[str, ...]) -> bool:
    if not target or target[0] == "kernel":
        return True
    here, room, there = module[0], _room(module), target[0]
    if here in _PLUMBING:
        return there == here
    if there == "runtime":
        return room not in {"domain", "invariants"}
    reached = _room(target)
    if there == here:
        return reached is None or room is None or reached in _AT_HOME.get(room, _ROOMS)
    if room is None:
        return reached not in {"store", "invariants"}
    return reached in _MAY_REACH[room]


def _room(module: tuple[str, ...]) -> str | None:
    """Return the room of its slice that a module stands in, or nothing for other modules."""
    if len(module) < 2 or module[0] in _PLUMBING:  # noqa: PLR2004 - a slice and a room
        return None
    return module[1] if module[1] in _ROOMS else None


def _imported(source: Source) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Yield line and name of all imports; of ``from a import b`` both ``a`` and ``a.b`` count."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, tuple(alias.name.split("."))
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                yield node.lineno, (*node.module.split("."), alias.name)
