"""A file as the rules see it: where it stands, what it says, how it parses."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import PurePosixPath
from typing import NamedTuple, TypeAlias

Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef
Definition: TypeAlias = Function | ast.ClassDef


class Finding(NamedTuple):
    """One thing that is out of order; prints as ``path:line: message``."""

    path: str
    line: int
    message: str

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.message}"


@dataclass(frozen=True)
class Source:
    """A text file; ``path`` is relative to the checkout, with forward slashes."""

    path: str
    text: str

    @cached_property
    def tree(self) -> ast.Module:
        """The syntax tree of a Python file."""
        return ast.parse(self.text, self.path)

    @cached_property
    def parts(self) -> tuple[str, ...]:
        """The parts of the path: ``("src", "solvent", "kernel", "money.py")``."""
        return PurePosixPath(self.path).parts

    @property
    def is_test(self) -> bool:
        """Whether it stands under ``tests``."""
        return self.parts[0] == "tests"

    @property
    def module(self) -> tuple[str, ...]:
        """The dotted name below ``solvent``, in parts; empty for what stands elsewhere."""
        if self.parts[:2] != ("src", "solvent"):
            return ()
        last = PurePosixPath(self.path).stem
        return (*self.parts[2:-1], *(() if last == "__init__" else (last,)))

    def at(self, line: int, message: str) -> Finding:
        """Report ``message`` at a line of this file."""
        return Finding(self.path, line, message)

    def functions(self) -> Iterator[Function]:
        """Yield every function and method, at any depth."""
        for node in ast.walk(self.tree):
            if isinstance(node, Function):
                yield node

    def public(self) -> Iterator[Definition]:
        """Yield the classes, functions and methods that others may use by name."""
        holders: list[ast.Module | ast.ClassDef] = [self.tree]
        while holders:
            for node in holders.pop().body:
                if isinstance(node, Definition) and not node.name.startswith("_"):
                    yield node
                    if isinstance(node, ast.ClassDef):
                        holders.append(node)
