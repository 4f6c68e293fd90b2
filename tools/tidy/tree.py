"""This checkout: its files, the names that exist in it, and every rule applied to them."""

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cyclopts import App

from tools.generated import ROOT, generated
from tools.tidy.documents import Names, documents_name_what_exists
from tools.tidy.imports import imports_are_plain, pure_rooms_stay_pure, rooms_keep_apart
from tools.tidy.locks import (
    fragments_are_named_right,
    npm_lock_names_no_address,
    pins_agree,
    requirements_are_hashed,
    requirements_name_no_address,
)
from tools.tidy.prose import (
    modules_say_what_they_are,
    nothing_is_left_for_later,
    public_things_are_described,
)
from tools.tidy.refusals import refusals_are_answerable, rows_are_used, statuses_in
from tools.tidy.shape import (
    files_are_short,
    functions_are_short,
    modules_are_nouns,
    no_test_looks_away,
    nothing_is_a_stub,
    packages_are_maps,
)
from tools.tidy.source import Finding, Source

LICENSE_OPENING = "Apache License"

_PYTHON_FOLDERS = ("bench", "migrations", "src", "tests", "tools")
_CODE_SUFFIXES = frozenset({".css", ".html", ".mjs", ".py", ".sh", ".ts"})
_MADE = frozenset({"node_modules", "__pycache__", "dist", "golden", "corpus"})
_LOCKS = ("bootstrap", "dev", "run")
_FINAL_DOCUMENTS = frozenset({"CHANGELOG.md"})
_OWN_TESTS = ("tests", "tidy")
_SETTING = re.compile(r"SOLVENT_[A-Z0-9_]*[A-Z0-9]")

Rule = Callable[[Source], Iterator[Finding]]

CODE_RULES: tuple[Rule, ...] = (files_are_short, modules_are_nouns, nothing_is_left_for_later)
"""Rules for files of any language that people write."""

PYTHON_RULES: tuple[Rule, ...] = (
    functions_are_short,
    imports_are_plain,
    modules_say_what_they_are,
    nothing_is_a_stub,
    packages_are_maps,
    public_things_are_described,
    pure_rooms_stay_pure,
    rooms_keep_apart,
    no_test_looks_away,
)
"""Rules for Python files."""


def read(path: Path) -> Source:
    """Read a file of the checkout."""
    return Source(path.relative_to(ROOT).as_posix(), path.read_text("utf-8"))


def code() -> list[Source]:
    """Read every file of code that a person wrote."""
    folders = (*_PYTHON_FOLDERS, "frontend")
    found = (path for folder in folders for path in sorted((ROOT / folder).rglob("*")))
    return [
        read(path)
        for path in found
        if path.suffix in _CODE_SUFFIXES and not _MADE & set(path.relative_to(ROOT).parts)
    ]


def documents() -> list[Source]:
    """Read the documents that speak of the present; the change log speaks of the past."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "changes.d/README.md"]
    return [read(path) for path in sorted(found) if path.name not in _FINAL_DOCUMENTS]


def names(sources: Iterable[Source]) -> Names:
    """Collect the names that exist; a file of code counts by its bare name too."""
    known = list(sources)
    files = {source.parts[-1] for source in known}
    ignored = [line.strip("/") for line in (ROOT / ".gitignore").read_text("utf-8").split()]

    def path_exists(path: str) -> bool:
        made = any(path.removeprefix("./").startswith(name) for name in ignored)
        return made or path in files or (ROOT / path).exists()

    makefile = (ROOT / "Makefile").read_text("utf-8")
    targets = frozenset(re.findall(r"^([a-z][a-z-]*):", makefile, re.MULTILINE))
    return Names(
        path_exists, targets, frozenset(_commands(_program())), frozenset(_settings(known))
    )


def _settings(sources: Iterable[Source]) -> Iterator[str]:
    """Yield the settings that the code asks for by name."""
    for source in sources:
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Constant) and _SETTING.fullmatch(str(node.value)):
                yield str(node.value)


def _commands(app: App, group: str = "") -> Iterator[str]:
    """Yield the commands of the program, those of a group after its name."""
    for name in app:
        if not name.startswith("-"):
            yield f"{group}{name}"
            yield from _commands(app[name], f"{group}{name} ")


def _program() -> App:
    if not (ROOT / "src/solvent/entrypoints/cli/main.py").exists():
        return App()
    program: App = importlib.import_module("solvent.entrypoints.cli.main").app
    return program


def findings() -> Iterator[Finding]:
    """Apply every rule to everything that it is about."""
    sources = code()
    python = [source for source in sources if source.path.endswith(".py")]
    for source in sources:
        for rule in CODE_RULES:
            yield from rule(source)
    for source in python:
        for rule in PYTHON_RULES:
            yield from rule(source)
    solvent = [source for source in python if source.module]
    statuses = statuses_in(solvent)
    yield from refusals_are_answerable(solvent, statuses)
    yield from rows_are_used(solvent, statuses)
    yield from _about_generated(solvent)
    known = names(source for source in python if source.parts[:2] != _OWN_TESTS)
    for document in documents():
        yield from documents_name_what_exists(document, known)
    yield from _about_locks()
    yield from _about_the_house()


def _about_locks() -> Iterator[Finding]:
    locks = {name: read(ROOT / f"requirements/{name}.txt") for name in _LOCKS}
    for lock in locks.values():
        yield from requirements_name_no_address(lock)
        yield from requirements_are_hashed(lock)
        yield from pins_agree(lock, locks["dev"])
    yield from npm_lock_names_no_address(read(ROOT / "frontend/package-lock.json"))


def _about_the_house() -> Iterator[Finding]:
    fragments = sorted((ROOT / "changes.d").iterdir())
    yield from fragments_are_named_right(path.relative_to(ROOT).as_posix() for path in fragments)
    if LICENSE_OPENING not in read(ROOT / "LICENSE").text[:200]:
        yield Finding("LICENSE", 1, "this is not the Apache License")


def _about_generated(solvent: list[Source]) -> Iterator[Finding]:
    for path, text in generated(solvent):
        if not (ROOT / path).exists() or read(ROOT / path).text != text:
            yield Finding(path, 1, "this is drawn from the code, and the code has moved: make fix")
