"""Open an account or a category, with an opening balance where it has one."""

from datetime import date
from uuid import UUID

from solvent.kernel.clock import local_day
from solvent.kernel.currency import Currency
from solvent.kernel.errors import BadValue
from solvent.ledger.domain import (
    NAME_CHARS_MAX,
    AccountKind,
    AccountNameTaken,
    AccountRole,
    AccountRow,
    Posting,
    Transaction,
    check_day,
)
from solvent.ledger.store.accounts import Accounts
from solvent.ledger.store.transactions import Transactions
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work


async def open_account(
    work: Work,
    *,
    name: str,
    kind: AccountKind,
    currency: Currency | None,
    parent: UUID | None = None,
    opening_balance_minor: int = 0,
    opened_on: date | None = None,
) -> AccountRow:
    """Open an account and return it; the opening balance is posted against equity.

    An asset or liability needs a ``currency``. The balance is signed: a debt is negative.
    """
    work.require_books()
    accounts = Accounts(work)
    plain = check_name(name)
    if currency is None and kind.holds_money:
        raise BadValue("Say which currency the account is kept in.", field="currency")
    if opening_balance_minor and not kind.holds_money:
        raise BadValue("Only assets and liabilities have a balance.", field="opening_balance_minor")
    day = opened_on or local_day(work.clock, work.scope.time_zone)
    check_day(day)
    await work.journal.hold()
    await check_parent(accounts, parent, kind)
    if await accounts.named(plain, kind=kind, parent=parent) is not None:
        raise AccountNameTaken(plain)
    account = new_id()
    code = None if currency is None else currency.code
    seq = await work.journal.note(
        "account.opened",
        subject=account,
        after={
            "name": plain,
            "kind": kind,
            "currency": code,
            "opening_balance_minor": opening_balance_minor,
        },
        visibility=[account],
    )
    await accounts.add(
        account,
        name=plain,
        kind=kind,
        seq=seq,
        parent=parent,
        currency=code,
        opened_on=day if kind.holds_money else None,
    )
    if currency is not None and opening_balance_minor:
        await post_opening(
            work, account=account, currency=currency, minor=opening_balance_minor, on=day, seq=seq
        )
    return await accounts.one(account)


async def post_opening(
    work: Work, *, account: UUID, currency: Currency, minor: int, on: date, seq: int
) -> None:
    """Put an opening balance of ``minor`` units in place of the one there is, if any."""
    books = Transactions(work)
    await books.remove_opening(account)
    if not minor:
        return
    equity = await Accounts(work).by_role(AccountRole.OPENING)
    value = Transaction(
        on,
        currency,
        (Posting(account, minor, currency, minor), Posting(equity, -minor, currency, -minor)),
    )
    await books.add(new_id(), value, seq=seq, origin="opening")


def check_name(name: str) -> str:
    """Return ``name`` without spaces around it; refuse an empty or too long one, or a colon."""
    plain = name.strip()
    if not 0 < len(plain) <= NAME_CHARS_MAX or ":" in plain:
        raise BadValue(
            f"A name has 1 to {NAME_CHARS_MAX} characters and no colon (colons join the levels "
            "of the tree).",
            field="name",
        )
    return plain


async def check_parent(accounts: Accounts, parent: UUID | None, kind: AccountKind) -> None:
    """Refuse a parent that is not there or of another kind."""
    if parent is not None and (await accounts.one(parent)).kind != kind:
        raise BadValue("An account hangs below one of its own kind.", field="parent")
