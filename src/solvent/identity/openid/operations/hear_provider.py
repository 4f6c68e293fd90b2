"""Hear what the provider says: the question that it answers is taken, then the code exchanged."""

import hmac
from dataclasses import dataclass

from solvent.identity.openid.domain import OpenIdRefused, Returned
from solvent.identity.openid.operations.ask_provider import CAUSE
from solvent.identity.openid.provider import Answer, OpenIdProvider
from solvent.identity.openid.secrets import nonce_of, verifier_of
from solvent.identity.openid.store import Questions
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.keys import KeyRing
from solvent.runtime.work import Works

PARAMETER_CHARS_MAX = 4_000


@dataclass(frozen=True, slots=True)
class Callback:
    """What a browser came back with: the parameters of its address, and the state in its cookie."""

    cookie: str = ""
    state: str = ""
    code: str = ""
    issuer: str | None = None
    error: str = ""


async def hear_provider(
    works: Works, provider: OpenIdProvider, keys: KeyRing, *, callback: Callback
) -> Returned:
    """Return who came back and what they had gone for.

    Raise :class:`OpenIdRefused` for an answer to no question of this browser, or to one that was
    answered before: the question goes, whatever the provider says then.
    """
    state = callback.state
    told = (state, callback.code, callback.issuer or "", callback.cookie)
    if any(len(each) > PARAMETER_CHARS_MAX for each in told) or not state.isascii():
        raise OpenIdRefused("state")
    if not hmac.compare_digest(state.encode(), callback.cookie.encode("utf-8", "replace")):
        raise OpenIdRefused("state")
    async with works.for_nobody(cause=CAUSE) as work:
        question = await Questions(work).take(token_digest(state))
    if question is None:
        raise OpenIdRefused("state")
    if callback.error or not callback.code:
        raise OpenIdRefused("cancelled" if callback.error == "access_denied" else "provider")
    answer = Answer(callback.code, callback.issuer, nonce_of(keys, state), verifier_of(keys, state))
    return Returned(await provider.identify(answer), question)
