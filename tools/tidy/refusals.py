"""Every way of refusing has a code of its own, and every code an HTTP status."""

import ast
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from tools.tidy.source import Finding, Source

_ROOT = "Refusal"
_CODE = re.compile(r"[a-z]+\.[a-z0-9]+(_[a-z0-9]+)*")
_KERNEL_CODE = re.compile(r"[a-z_]+(\.[a-z0-9_]+)?")
_SHARED = frozenset({"kernel", "runtime"})


@dataclass(frozen=True, slots=True)
class Written:
    """A class as it is written: where, on what bases, with which literal ``code``."""

    source: Source
    node: ast.ClassDef
    bases: frozenset[str]
    code: str | None


def refusals_are_answerable(
    sources: Iterable[Source], statuses: Mapping[str, int]
) -> Iterator[Finding]:
    """Each subclass of ``Refusal`` has its own code, named after its slice, and a status."""
    refusals = refusals_in(sources)
    parents = {base for refusal in refusals for base in refusal.bases}
    seen: dict[str, str] = {}
    for refusal in refusals:
        name = refusal.node.name
        if refusal.code is None:
            if name not in parents:
                yield _at(refusal, f"{name} has no code of its own")
            continue
        if first := seen.get(refusal.code):
            yield _at(refusal, f"{name} has the code of {first}: {refusal.code}")
        seen.setdefault(refusal.code, name)
        yield from _well_named(refusal)
        if refusal.code not in statuses:
            yield _at(refusal, f"{refusal.code} has no row in a table of HTTP statuses")


def _well_named(refusal: Written) -> Iterator[Finding]:
    """A code is ``slice.snake_case``; what the kernel and the runtime refuse has no slice."""
    owner, code = refusal.source.module[0], refusal.code or ""
    if owner in _SHARED:
        if not _KERNEL_CODE.fullmatch(code):
            yield _at(refusal, f"{code} is no snake_case code")
    elif not _CODE.fullmatch(code) or code.split(".")[0] != owner:
        yield _at(refusal, f"the code of a refusal of {owner} is {owner}.snake_case, not {code}")


def _at(refusal: Written, message: str) -> Finding:
    return refusal.source.at(refusal.node.lineno, message)


def _classes(source: Source) -> Iterator[Written]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.ClassDef):
            bases = frozenset(ast.unparse(base).split(".")[-1] for base in node.bases)
            yield Written(source, node, bases, _code(node))


def _code(node: ast.ClassDef) -> str | None:
    """Return the literal given to ``code`` in the body of a class."""
    for statement in node.body:
        match statement:
            case (
                ast.Assign(targets=[ast.Name(id="code")], value=ast.Constant(value=str() as code))
                | ast.AnnAssign(target=ast.Name(id="code"), value=ast.Constant(value=str() as code))
            ):
                return code
            case _:
                continue
    return None


def refusals_in(sources: Iterable[Source]) -> list[Written]:
    """Return the classes of Solvent that derive from ``Refusal``, near or far."""
    classes = [found for source in sources if source.module for found in _classes(source)]
    known = {_ROOT}
    while True:
        more = {found.node.name for found in classes if found.bases & known} - known
        if not more:
            return [found for found in classes if found.bases & known]
        known |= more


def rows_are_used(sources: Iterable[Source], statuses: Mapping[str, int]) -> Iterator[Finding]:
    """Each row of a table of statuses is a code that something outside the tables names."""
    named: dict[str, tuple[Source, int]] = {}
    used: set[str] = set()
    for source in sources:
        in_tables = {id(key) for table in _tables(source) for key in table.keys}
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and isinstance(node.value, str):
                if id(node) in in_tables:
                    named[node.value] = (source, node.lineno)
                else:
                    used.add(node.value)
    for code in statuses.keys() - used:
        source, line = named[code]
        yield source.at(line, f"{code} has a status, and nothing is refused with it")


def statuses_in(sources: Iterable[Source]) -> dict[str, int]:
    """Read the tables of statuses as they are written: code → HTTP status.

    A table is what is assigned to ``STATUSES`` or handed to ``declare``; a status that is not
    written as a number reads as 0.
    """
    entries = (entry for source in sources for table in _tables(source) for entry in _rows(table))
    return dict(entries)


def _tables(source: Source) -> Iterator[ast.Dict]:
    for node in ast.walk(source.tree):
        match node:
            case (
                ast.Assign(targets=[ast.Name(id="STATUSES")], value=ast.Dict() as table)
                | ast.AnnAssign(target=ast.Name(id="STATUSES"), value=ast.Dict() as table)
                | ast.Call(func=ast.Name(id="declare"), args=[ast.Dict() as table])
            ):
                yield table
            case _:
                continue


def _rows(table: ast.Dict) -> Iterator[tuple[str, int]]:
    for key, value in zip(table.keys, table.values, strict=True):
        if isinstance(key, ast.Constant) and isinstance(key.value, str):
            status = value.value if isinstance(value, ast.Constant) else 0
            yield key.value, status if isinstance(status, int) else 0
