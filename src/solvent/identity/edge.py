"""What handlers ask of the process that serves them, where it is a matter of people."""

from typing import Annotated

from fastapi import Depends, Request

from solvent.identity.domain import Lockout
from solvent.identity.letters import Letters
from solvent.runtime.edge.facilities import Facilities


def lockout_of(its: Facilities) -> Lockout:
    """Return how accounts are locked where ``its`` settings hold."""
    limits = its.settings.limits
    return Lockout(limits.lockout_threshold, limits.lockout_seconds)


async def _letters(request: Request) -> Letters:
    letters: Letters = request.app.state.letters
    return letters


CurrentLetters = Annotated[Letters, Depends(_letters)]
