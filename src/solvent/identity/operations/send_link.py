"""Send somebody a link that proves that a letter has reached them."""

from urllib.parse import quote

from solvent.identity.domain import Person
from solvent.identity.letters import Letter, LetterKind, Letters
from solvent.identity.store.links import LinkPurpose, Links
from solvent.runtime.edge.credentials import token_digest
from solvent.runtime.ids import new_token
from solvent.runtime.work import Work

LEADS_TO = {
    LinkPurpose.VERIFY: (LetterKind.VERIFY_ADDRESS, "/verify"),
    LinkPurpose.CHANGE: (LetterKind.CHANGE_ADDRESS, "/change-address"),
    LinkPurpose.RESET: (LetterKind.RESET_PASSWORD, "/reset"),
}
"""The letter that holds a link of each purpose, and the page that it leads to."""


async def send_link(
    work: Work, letters: Letters, *, person: Person, purpose: LinkPurpose, to: str | None = None
) -> None:
    """Write to ``person``, or ``to`` another address of theirs, with a new link for ``purpose``."""
    email = to or person.email
    token = new_token()
    await Links(work).add(token_digest(token), person.id, purpose, email)
    kind, page = LEADS_TO[purpose]
    letter = Letter(kind=kind, to=email, locale=person.locale, path=f"{page}?token={quote(token)}")
    await letters.send(work, letter)
