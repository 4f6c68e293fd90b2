"""Find an account by its name, or by what the system uses it for."""

from uuid import UUID

from solvent.ledger.domain import AccountKind, AccountRole
from solvent.ledger.store.accounts import Accounts
from solvent.runtime.work import Work


async def find_account(
    work: Work, *, name: str, kind: AccountKind, parent: UUID | None = None
) -> UUID | None:
    """Return the account called ``name`` under ``parent`` (or at the top), if there is one."""
    return await Accounts(work).named(name, kind=kind, parent=parent)


async def find_system_account(work: Work, *, role: AccountRole) -> UUID:
    """Return the account that the system uses for ``role``; a bug if there is none."""
    return await Accounts(work).by_role(role)
