"""What is remembered of a person's choices: which category a payee had last.

One memory stands for one payee. The newest choice wins outright; confidence counts only how often
it was made since the last contradiction, so a change of mind is offered at once, but modestly.
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Reason(StrEnum):
    """Why a category is suggested."""

    REMEMBERED = "remembered"
    """A person gave this category to the same payee before."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One act of a person: this category, by hand, at this instant (aware)."""

    category: UUID
    at: datetime


@dataclass(frozen=True, slots=True)
class Memory:
    """The newest choice for a payee, and how many agreed since the last contradiction."""

    category: UUID
    at: datetime
    agreed: int = 1

    def __post_init__(self) -> None:
        if self.agreed < 1:
            raise ValueError(self.agreed)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category to offer; ``confidence_percent`` is above 50 and below 100: never a certainty."""

    category: UUID
    confidence_percent: int
    reason: Reason


def remember(memory: Memory | None, choice: Choice) -> Memory:
    """Return the memory after ``choice``; one older than what is remembered changes nothing."""
    if memory is None:
        return Memory(choice.category, choice.at)
    if choice.at < memory.at:
        return memory
    agreed = memory.agreed + 1 if choice.category == memory.category else 1
    return Memory(choice.category, choice.at, agreed)


def suggest(memory: Memory | None) -> Suggestion | None:
    """Return what to offer for a payee with this memory, or nothing."""
    if memory is None:
        return None
    confidence_percent = min(99, 100 * (memory.agreed + 1) // (memory.agreed + 2))
    return Suggestion(memory.category, confidence_percent, Reason.REMEMBERED)
