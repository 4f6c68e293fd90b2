"""Bring an undone import back: its rows are decided on again and booked under their old ids."""

from uuid import UUID

from solvent.intake.domain import ImportState, NotUndone
from solvent.intake.operations.import_file import ImportAnswer, kept_summary
from solvent.intake.store.claims import Claims
from solvent.intake.store.sources import Sources
from solvent.intake.store.staging import Staging
from solvent.ledger.domain import AccountRole
from solvent.ledger.operations.find_account import find_system_account
from solvent.ledger.operations.infer_opening import keep_openings
from solvent.ledger.operations.owe_memos import owe_memos
from solvent.ledger.operations.read_balances import read_account_balance
from solvent.runtime.work import Work


async def redo_import(work: Work, *, source: UUID) -> ImportAnswer:
    """Book again what undoing took out; rows that another import has brought since are matched."""
    sources, staging, claims = Sources(work), Staging(work), Claims(work)
    record = await sources.locked(source)
    await work.journal.hold()
    if record.state != ImportState.UNDONE:
        raise NotUndone(record.state)
    await staging.begin()
    await claims.restage(source)
    outcomes = {outcome.account: outcome for outcome in await staging.decide_again()}
    async with work.naming():
        await staging.book(
            expense=await find_system_account(work, role=AccountRole.UNCATEGORISED_EXPENSE),
            income=await find_system_account(work, role=AccountRole.UNCATEGORISED_INCOME),
        )
    await claims.reclaim(source)
    if any(outcome.added for outcome in outcomes.values()):
        first, last = await claims.ids(source)
        await owe_memos(work, first=first, last=last)
    summary = kept_summary(record)
    await keep_openings(work, accounts=[one.account for one in summary.accounts if one.account])
    for account in summary.accounts:
        outcome = None if account.account is None else outcomes.get(account.account)
        account.added = outcome.added if outcome else 0
        account.matched = account.rows - account.added
        closing = account.closing
        if closing is not None and account.account is not None:
            held = await read_account_balance(
                work, account=account.account, currency=account.currency, on=closing.on
            )
            account.closing = closing.against(held)
            await sources.add_closing(
                source, account.account, closing.on, closing.amount_minor, account.currency
            )
    await work.journal.note(
        "import.redone",
        subject=source,
        after={"added": sum(account.added for account in summary.accounts)},
        visibility=[account.account for account in summary.accounts if account.account],
    )
    await sources.set_state(source, ImportState.COMMITTED)
    return ImportAnswer(source, record.name, ImportState.COMMITTED, summary)
