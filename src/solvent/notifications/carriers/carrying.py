"""What a carrier is, and how it says that a letter did not go."""

from collections.abc import Awaitable, Callable
from email.message import EmailMessage
from typing import Protocol, TypeAlias

Handover: TypeAlias = Callable[[], Awaitable[None]]
"""Awaited right before the point after which nobody can tell whether the letter went."""


class NotTaken(Exception):  # noqa: N818 - an answer of the world outside, no bug
    """The letter certainly did not go; trying again may help. Says why without naming anybody."""


class Lost(Exception):  # noqa: N818 - the same
    """The line broke in the very moment: the letter may have gone or not."""


class Carrier(Protocol):
    """Takes letters out of the house."""

    async def carry(self, message: EmailMessage, *, handover: Handover) -> None:
        """Take ``message`` out; await ``handover`` when everything but the last step is done.

        Raise :class:`NotTaken`, :class:`Lost`, or a ``Refusal`` when it will never be taken.
        """
        ...
