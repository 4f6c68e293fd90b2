"""Recognise an account by what its bank calls it, and remember what that is."""

from uuid import UUID

from solvent.ledger.domain import IDENTIFIER_CHARS_MAX
from solvent.ledger.store.accounts import Accounts
from solvent.runtime.work import Work


async def recognise_account(work: Work, *, identifier: str, currency: str) -> UUID | None:
    """Return the account that a bank calls ``identifier``, if it is known.

    ``currency`` is an ISO 4217 code, ``XXX`` where the bank names none.
    """
    return await Accounts(work).identified(identifier[-IDENTIFIER_CHARS_MAX:], currency)


async def remember_identifier(work: Work, *, account: UUID, identifier: str, currency: str) -> None:
    """Remember that a bank calls ``account`` ``identifier``, unless that names one already."""
    await Accounts(work).identify(account, identifier[-IDENTIFIER_CHARS_MAX:], currency)
