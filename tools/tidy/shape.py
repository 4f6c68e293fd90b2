"""How large things may grow, and what a module may be called."""

import ast
from collections.abc import Iterator
from pathlib import PurePosixPath

from tools.tidy.source import Finding, Source

FILE_LINES_MAX = 400
TEST_FILE_LINES_MAX = 600
FUNCTION_LINES_MAX = 60

NAMES_THAT_SAY_NOTHING = frozenset(
    {"base", "common", "helper", "helpers", "manager", "misc", "service", "services", "util"}
) | {"utils", "utilities"}


def files_are_short(source: Source) -> Iterator[Finding]:
    """A file is 400 lines at most, a test file 600."""
    most = TEST_FILE_LINES_MAX if source.is_test else FILE_LINES_MAX
    lines = len(source.text.splitlines())
    if lines > most:
        yield source.at(most, f"the file has {lines} lines, {most} at most: split it by what it is")


def functions_are_short(source: Source) -> Iterator[Finding]:
    """A function is 60 lines at most, its signature and docstring counted."""
    for function in source.functions():
        lines = (function.end_lineno or function.lineno) - function.lineno + 1
        if lines > FUNCTION_LINES_MAX:
            yield source.at(
                function.lineno,
                f"{function.name} has {lines} lines, {FUNCTION_LINES_MAX} at most: name its parts",
            )


def modules_are_nouns(source: Source) -> Iterator[Finding]:
    """No module or package is called by a word that fits everything."""
    if not source.path.endswith((".py", ".ts")):
        return
    for part in (*source.parts[:-1], PurePosixPath(source.path).stem):
        if part in NAMES_THAT_SAY_NOTHING:
            yield source.at(1, f"“{part}” says nothing: name the module after what it holds")


def packages_are_maps(source: Source) -> Iterator[Finding]:
    """An ``__init__.py`` is a docstring and nothing else."""
    if source.parts[-1] == "__init__.py":
        for statement in source.tree.body:
            if not _is_docstring(statement):
                yield source.at(statement.lineno, "an __init__.py is only the package's docstring")
                return


def _is_docstring(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)


def nothing_is_a_stub(source: Source) -> Iterator[Finding]:
    """What is there works: no ``NotImplementedError`` stands in for it."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Name) and node.id == "NotImplementedError":
            yield source.at(node.lineno, "a stub: write the thing, or leave it out")


_WAYS_OUT = frozenset({"skip", "skipif", "xfail", "importorskip", "skipTest"})


def no_test_looks_away(source: Source) -> Iterator[Finding]:
    """A test runs or fails; none looks away."""
    for node in ast.walk(source.tree):
        if source.is_test and isinstance(node, ast.Attribute) and node.attr in _WAYS_OUT:
            yield source.at(
                node.lineno, f"“{node.attr}”: a test runs or fails, it never looks away"
            )
