"""What is said about the code: a docstring where one is owed, no note left for later."""

import ast
import re
from collections.abc import Iterator

from tools.tidy.source import Finding, Source

_WORD = re.compile(r"[a-z0-9]+")
_NOTE = re.compile(r"\b(" + "|".join(("TO" + "DO", "FIX" + "ME", "HA" + "CK")) + r")\b")
_FILLERS = frozenset({"a", "an", "the", "of", "this", "that", "to", "for"})


def modules_say_what_they_are(source: Source) -> Iterator[Finding]:
    """Every module opens with a docstring."""
    if not ast.get_docstring(source.tree):
        yield source.at(1, "the module does not say what it is: open it with a docstring")


def public_things_are_described(source: Source) -> Iterator[Finding]:
    """Every public class, function and method of Solvent has a docstring of its own."""
    if not source.module and source.parts[0] != "tools":
        return
    for node in source.public():
        said = ast.get_docstring(node)
        if not said:
            yield source.at(node.lineno, f"{node.name} is public and has no docstring")
        elif _words(said.split("\n\n")[0]) <= _words(node.name.replace("_", " ")):
            yield source.at(node.lineno, f"the docstring of {node.name} only repeats its name")


def _words(text: str) -> set[str]:
    """Return the words that carry meaning, without their plural or verb ``s``."""
    spaced = re.sub(r"(?<=[a-z])(?=[A-Z])", " ", text).lower()
    return {word.rstrip("s") for word in _WORD.findall(spaced)} - _FILLERS


def nothing_is_left_for_later(source: Source) -> Iterator[Finding]:
    """No note to oneself stands in a file: do it, or file it where work is planned."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if found := _NOTE.search(line):
            yield source.at(number, f"“{found[0]}”: do it now, or plan it elsewhere")
