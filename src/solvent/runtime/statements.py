"""SQL statements as values: marked, so that a test can PREPARE every one of them.

A statement is a constant. Where a list is filtered, its statement is composed of constant fragments
by :class:`Filters`, which numbers the arguments; no value is ever written into the text.
"""

from typing import Final

STATEMENTS: Final[list[str]] = []
"""Every statement marked so far, in the order of import."""

TEMPORARY: Final[list[str]] = []
"""Every statement that makes a temporary table which marked statements speak of."""


def sql(text: str) -> str:
    """Mark ``text`` as a statement of the house and return it."""
    STATEMENTS.append(text)
    return text


def temporary(text: str) -> str:
    """Mark ``text`` as the making of temporary tables and return it."""
    TEMPORARY.append(text)
    return text


class Filters:
    """Conditions of one question, composed of constant fragments.

    A fragment writes its arguments as ``{}``; each becomes the next ``$n``.
    """

    def __init__(self, *arguments: object) -> None:
        """Begin with the ``arguments`` that the statement around already numbers from $1."""
        self.arguments: list[object] = list(arguments)
        self._conditions: list[str] = []

    def add(self, fragment: str, *values: object) -> None:
        """Add one condition with its values."""
        first = len(self.arguments) + 1
        numbers = [f"${first + i}" for i in range(len(values))]
        self._conditions.append(fragment.format(*numbers))
        self.arguments.extend(values)

    def argument(self, value: object) -> str:
        """Add a value outside the conditions and return its ``$n``."""
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    @property
    def text(self) -> str:
        """The conditions, each led by ``and``."""
        return "".join(f" and {condition}" for condition in self._conditions)
