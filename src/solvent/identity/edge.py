"""What handlers ask of the process that serves them, where it is a matter of people."""

from typing import Annotated

from fastapi import Depends, Request

from solvent.identity.letters import Letters


async def _letters(request: Request) -> Letters:
    letters: Letters = request.app.state.letters
    return letters


CurrentLetters = Annotated[Letters, Depends(_letters)]
