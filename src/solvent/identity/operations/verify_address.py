"""Verify an address: whoever opens the link has received the letter."""

from solvent.identity.domain import LinkRefused
from solvent.identity.store.links import LinkPurpose, Links
from solvent.identity.store.people import People
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work


async def verify_address(work: Work, *, token: str) -> None:
    """Keep that the address of the link of ``token`` is its person's; refuse a link that is spent."""
    links = Links(work)
    used = await links.spend(token_digest(token), LinkPurpose.VERIFY)
    if used is None:
        raise LinkRefused
    if not await People(work).verify(used.person, email=used.email, at=work.clock.now()):
        raise LinkRefused
    await links.forget(used.person, LinkPurpose.VERIFY)
    work.security.note(SecurityKind.EMAIL_VERIFIED, person=used.person)
