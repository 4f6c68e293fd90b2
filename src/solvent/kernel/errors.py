"""How things are refused: a stable code, a sentence, and the facts.

A :class:`Refusal` is an answer that a person can act on. Anything else that goes wrong is a bug,
and nobody catches it. Codes are ``slice.snake_case``; they are documented, translated by code, and
become HTTP statuses by the one table in ``runtime.edge.problems``.
"""

from typing import ClassVar, TypeAlias

Fact: TypeAlias = str | int | bool | None


class Refusal(Exception):  # noqa: N818 - the domain's word; an Error is a bug
    """An answer that a person can act on.

    Subclasses set ``code`` and pass a whole sentence that names the place and the remedy; facts
    are what a program needs to act on it, and never hold an amount, a payee or a token.
    """

    code: ClassVar[str] = "refused"
    denies: ClassVar[bool] = False
    """Whether somebody asked for what may be another's: such refusals are noted as attempts."""

    def __init__(self, message: str, **facts: Fact) -> None:
        """Say ``message`` to the person and ``facts`` to their program."""
        self.message = message
        self.facts = facts
        super().__init__(message)


class NotFound(Refusal):
    """The thing is not there, or not for this person to see: both look the same."""

    code = "not_found"
    denies = True

    def __init__(self, thing: str) -> None:
        """Name the kind of ``thing`` that was looked for."""
        super().__init__(f"There is no such {thing} here.", thing=thing)


class NotAllowed(Refusal):
    """The thing is there for this person to see, but not to do this with."""

    code = "not_allowed"
    denies = True

    def __init__(self, message: str) -> None:
        """Say what is missing, and who can give it."""
        super().__init__(message)


class BadValue(Refusal):
    """A value that cannot be what it is meant to be."""

    code = "bad_value"

    def __init__(self, message: str, *, field: str) -> None:
        """Name the ``field`` the value was given for."""
        super().__init__(message, field=field)
