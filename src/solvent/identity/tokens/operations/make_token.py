"""Make a personal access token; what it is made of leaves the process once, in the answer."""

from dataclasses import asdict
from datetime import timedelta

from solvent.identity.tokens.domain import (
    TOKENS_PER_PERSON_MAX,
    MadeToken,
    NewToken,
    Token,
    TooManyTokens,
)
from solvent.identity.tokens.store import PersonalTokens
from solvent.kernel.errors import NotFound
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.ids import new_id, new_secret
from solvent.runtime.personaltokens import written
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def make_token(work: Work, *, new: NewToken) -> MadeToken:
    """Add a token for the person of ``work`` and return it with its secret.

    Refuse without a recent proof, a household that is not theirs, and one token too many.
    """
    require_recent_proof(work)
    tokens = PersonalTokens(work)
    if new.household is not None and not await tokens.is_member_of(new.household):
        raise NotFound("household")
    if await tokens.count() >= TOKENS_PER_PERSON_MAX:
        raise TooManyTokens
    now = work.clock.now()
    token = Token(
        id=new_id(),
        name=new.name,
        scopes=list(new.scopes),
        household=new.household,
        created_at=now,
        expires_at=now + timedelta(days=new.days),
        used_at=None,
    )
    secret = written(new_secret())
    await tokens.add(token, token_digest(secret))
    work.security.note(
        SecurityKind.TOKEN_MADE,
        subject=token.id,
        facts={"scopes": " ".join(new.scopes), "days": new.days},
    )
    return MadeToken(**asdict(token), token=secret)
