"""Ask the provider who somebody is: keep the question, and send their browser there with it."""

from dataclasses import dataclass

from solvent.identity.openid.domain import Question
from solvent.identity.openid.provider import OpenIdProvider
from solvent.identity.openid.secrets import nonce_of, verifier_of
from solvent.identity.openid.store import Questions
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.ids import new_token
from solvent.runtime.keys import KeyRing
from solvent.runtime.work import Works

CAUSE = "openid"


@dataclass(frozen=True, slots=True)
class Asked:
    """Where the browser goes, and the state that it must bring back in a cookie as well."""

    address: str
    state: str


async def ask_provider(
    works: Works, provider: OpenIdProvider, keys: KeyRing, *, question: Question
) -> Asked:
    """Keep ``question`` for ten minutes and return the way to the provider."""
    state = new_token()
    address = await provider.address(
        state=state, nonce=nonce_of(keys, state), verifier=verifier_of(keys, state)
    )
    async with works.for_nobody(cause=CAUSE) as work:
        await Questions(work).add(token_digest(state), question)
    return Asked(address, state)
