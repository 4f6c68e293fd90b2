"""List transactions: any filters, newest first, a page at a time."""

from dataclasses import dataclass, fields
from datetime import date
from uuid import UUID

from solvent.kernel.errors import BadValue
from solvent.ledger.store.listing import Cursor, Listing
from solvent.ledger.store.selection import Question
from solvent.runtime.work import Work


@dataclass(frozen=True, slots=True)
class Asked:
    """What a person asks for, as they say it; see :class:`Question`."""

    account: UUID | None = None
    category: UUID | None = None
    payee: str | None = None
    text: str | None = None
    first: date | None = None
    last: date | None = None
    min_minor: int | None = None
    max_minor: int | None = None
    state: str | None = None
    tag: str | None = None
    uncategorised: bool = False


async def list_transactions(
    work: Work, *, asked: Asked, cursor: str | None = None, limit: int = 100
) -> bytes:
    """Return one page as JSON: ``{"items": […], "next_cursor": …}``."""
    before = Cursor.parse(cursor) if cursor else None
    page = await Listing(work).page(_question(asked), before=before, limit=limit)
    following = b"null" if page.last is None else f'"{page.last.text()}"'.encode()
    return b'{"items":%b,"next_cursor":%b}' % (page.json, following)


def _question(asked: Asked) -> Question:
    if asked.first and asked.last and asked.last < asked.first:
        raise BadValue("The last day is before the first.", field="to")
    values = {field.name: getattr(asked, field.name) for field in fields(asked)}
    values["payee"] = _payee(asked.payee)
    values["text"] = asked.text or None
    return Question(**values)


def _payee(text: str | None) -> UUID | str | None:
    """Read an id where it is one, else a part of a name."""
    if not text:
        return None
    try:
        return UUID(text)
    except ValueError:
        return text
