"""What the address of a list asks for: days, ids, and where a page of it begins."""

from datetime import date
from uuid import UUID

from solvent.oversight.domain import SEQ_LAST


def asked_day(text: str | None) -> date | None:
    """Return the day that ``text`` is, if it is one."""
    try:
        return date.fromisoformat(text or "")
    except ValueError:
        return None


def asked_id(text: str | None) -> UUID | None:
    """Return the id that ``text`` is, if it is one."""
    try:
        return UUID(text or "")
    except ValueError:
        return None


def asked_number(text: str | None, otherwise: int = SEQ_LAST) -> int:
    """Return the number that a page begins at, ``otherwise`` without one."""
    number = int(text) if text and text.isascii() and text.isdigit() else otherwise
    return min(max(number, 0), SEQ_LAST)
