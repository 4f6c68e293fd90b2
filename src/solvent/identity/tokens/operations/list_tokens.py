"""List the personal access tokens of a person."""

from solvent.identity.tokens.domain import Token
from solvent.identity.tokens.store import PersonalTokens
from solvent.runtime.work import Work


async def list_tokens(work: Work) -> list[Token]:
    """Return the person's tokens that are neither revoked nor expired, newest first."""
    return await PersonalTokens(work).live()
