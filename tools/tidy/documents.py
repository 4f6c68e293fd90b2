"""The documents name only what exists: paths, links, make targets, commands and settings."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from tools.tidy.source import Finding, Source

_INLINE = re.compile(r"`([^`]+)`")
_LINK = re.compile(r"\]\(([^)#\s]+)")
_MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
_COMMAND = re.compile(r"(?:^|\s|/)solvent ([a-z][a-z-]*)(?: ([a-z][a-z-]*))?")
_SETTING = re.compile(r"\bSOLVENT_[A-Z][A-Z0-9_]*[A-Z0-9]\b")
_PATH = re.compile(r"\.{0,2}[A-Za-z_][\w.-]*(?:/[\w.-]+)*/?")
_KNOWN_SUFFIXES = frozenset(
    {".css", ".html", ".json", ".md", ".mjs", ".po", ".png", ".py", ".sh", ".sql", ".toml", ".ts"}
) | {".txt", ".yaml", ".yml"}
_MEDIA_TYPES = frozenset({"application", "audio", "font", "image", "multipart", "text", "video"})
_FENCE = "```"
_DRAWN = "```mermaid"


@dataclass(frozen=True)
class Names:
    """What exists: a test for paths relative to the checkout, and three sets of names.

    A command is ``serve`` or, below a group, ``person create``.
    """

    path_exists: Callable[[str], bool]
    targets: frozenset[str]
    commands: frozenset[str]
    settings: frozenset[str]


def documents_name_what_exists(source: Source, names: Names) -> Iterator[Finding]:
    """Each path, link, make target, command and setting that a document names is there."""
    for line, text, is_code in _passages(source.text):
        for setting in _SETTING.findall(text):
            if setting not in names.settings:
                yield source.at(line, f"there is no setting {setting}")
        for link in _LINK.findall(text) if not is_code else ():
            if "://" not in link and not _is_there(link, source, names):
                yield source.at(line, f"the link leads nowhere: {link}")
        if is_code:
            yield from _code_names_what_exists(text, line, source, names)


def _code_names_what_exists(
    text: str, line: int, source: Source, names: Names
) -> Iterator[Finding]:
    for target in _MAKE.findall(text):
        if target not in names.targets:
            yield source.at(line, f"there is no make target {target}")
    for group, name in _COMMAND.findall(text):
        if group not in names.commands and f"{group} {name}" not in names.commands:
            yield source.at(line, f"there is no command solvent {group} {name}".rstrip())
    for word in text.split():
        if _is_path(word) and not _is_there(word, source, names):
            yield source.at(line, f"there is no {word}")


def _passages(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield line number, text and whether it is code: prose, code spans, lines of code blocks."""
    inside = ""
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(_FENCE):
            inside = "" if inside else line.strip()
        elif inside:
            yield number, line, inside != _DRAWN
        else:
            yield number, _INLINE.sub("", line), False
            yield from ((number, span, True) for span in _INLINE.findall(line))


def _is_path(word: str) -> bool:
    if not _PATH.fullmatch(word) or word.split("/", maxsplit=1)[0] in _MEDIA_TYPES:
        return False
    return "/" in word or PurePosixPath(word).suffix in _KNOWN_SUFFIXES


def _is_there(path: str, source: Source, names: Names) -> bool:
    """Look for a path from the checkout, from the document's folder, and from ``src/solvent``."""
    bases = ("", f"{PurePosixPath(source.path).parent}/", "src/solvent/")
    return any(names.path_exists(base + path) for base in bases)
