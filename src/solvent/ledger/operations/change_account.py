"""Rename, move, close or reopen an account, or correct its opening balance."""

from dataclasses import dataclass, replace
from datetime import date
from uuid import UUID

from solvent.kernel.access import Level
from solvent.kernel.currency import Currency
from solvent.kernel.errors import BadValue, NotAllowed
from solvent.ledger.domain import AccountKind, AccountNameTaken, AccountRow, check_day
from solvent.ledger.operations.open_account import check_name, check_parent, post_opening
from solvent.ledger.store.accounts import Accounts
from solvent.ledger.store.transactions import Transactions
from solvent.runtime.edge.versions import check_version
from solvent.runtime.work import BEYOND, Work


@dataclass(frozen=True, slots=True)
class AccountChanges:
    """What is to be different; a field left at None stays. ``closed_on`` may be set only."""

    name: str | None = None
    parent: UUID | None = None
    opened_on: date | None = None
    closed_on: date | None = None
    opening_balance_minor: int | None = None


async def change_account(
    work: Work, *, account: UUID, changes: AccountChanges, expected: int | None = None
) -> AccountRow:
    """Apply ``changes`` and return the account; ``expected`` is the version that was read."""
    await work.journal.hold()
    accounts = Accounts(work)
    old = await accounts.one(account)
    check_version(expected, old.version)
    kind = AccountKind(old.kind)
    if not kind.holds_money:
        work.require_books()
    elif work.scope.access.level(account) < Level.EDIT:
        raise NotAllowed(BEYOND)
    new = replace(
        old,
        name=old.name if changes.name is None else check_name(changes.name),
        parent=changes.parent or old.parent,
        opened_on=changes.opened_on or old.opened_on,
        closed_on=changes.closed_on or old.closed_on,
    )
    if changes.opened_on is not None:
        check_day(changes.opened_on)
    if changes.parent is not None:
        await check_parent(accounts, changes.parent, kind)
        await _check_no_cycle(accounts, account, changes.parent)
    if (new.name, new.parent) != (old.name, old.parent) and await accounts.named(
        new.name, kind=kind, parent=new.parent
    ):
        raise AccountNameTaken(new.name)
    seq = await work.journal.note(
        "account.changed",
        subject=account,
        before=_facts(old),
        after=_facts(new)
        | (
            {}
            if changes.opening_balance_minor is None
            else {"opening_balance_minor": changes.opening_balance_minor}
        ),
        visibility=[account],
    )
    await accounts.change(new, seq=seq)
    if changes.opening_balance_minor is not None or changes.opened_on is not None:
        await accounts.infer(account, minor=None, on=None)  # a person's word counts from now on
    if changes.opening_balance_minor is not None:
        await _correct_opening(work, new, changes.opening_balance_minor, seq)
    elif changes.opened_on is not None:
        await Transactions(work).move_opening(account, changes.opened_on, seq=seq)
    return await accounts.one(account)


def _facts(account: AccountRow) -> dict[str, object]:
    return {
        "name": account.name,
        "parent": account.parent,
        "opened_on": account.opened_on,
        "closed_on": account.closed_on,
    }


async def _correct_opening(work: Work, account: AccountRow, minor: int, seq: int) -> None:
    if account.currency is None or account.opened_on is None:
        raise BadValue("Only assets and liabilities have a balance.", field="opening_balance_minor")
    currency = Currency.of(account.currency)
    await post_opening(
        work, account=account.id, currency=currency, minor=minor, on=account.opened_on, seq=seq
    )


async def _check_no_cycle(accounts: Accounts, account: UUID, parent: UUID) -> None:
    above: UUID | None = parent
    while above is not None:
        if above == account:
            raise BadValue("An account cannot hang below itself.", field="parent")
        above = (await accounts.one(above)).parent
