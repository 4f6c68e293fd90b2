"""Revoke a personal access token: the next request with it is refused, on every node."""

from uuid import UUID

from solvent.identity.tokens.store import PersonalTokens
from solvent.kernel.errors import NotFound
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def revoke_token(work: Work, *, token: UUID) -> None:
    """End one of the person's own tokens, for good."""
    if not await PersonalTokens(work).revoke(token):
        raise NotFound("token")
    work.security.note(SecurityKind.TOKEN_REVOKED, subject=token)
