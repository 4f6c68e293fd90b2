"""Put the staged batch into the books: decide, keep the rows, book what is new, check balances."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from solvent.intake.domain import AccountSummary, ClosingCheck
from solvent.intake.formats.reading import ClosingBalance
from solvent.intake.operations.find_accounts import Target, make_accounts
from solvent.intake.operations.name_payees import name_payees
from solvent.intake.operations.stage_file import Staged
from solvent.intake.store.sources import Sources
from solvent.intake.store.staging import Aim, Outcome, Staging
from solvent.ledger.domain import AccountRole
from solvent.ledger.operations.find_account import find_system_account
from solvent.ledger.operations.infer_opening import infer_opening, keep_openings
from solvent.ledger.operations.owe_memos import owe_memos
from solvent.ledger.operations.read_balances import read_account_balance
from solvent.runtime.work import Work


async def book_batch(
    work: Work, *, source: UUID, staged: Staged, targets: list[Target]
) -> list[AccountSummary]:
    """Book the staged rows of ``source`` and return what became of each account's.

    The household is held already, so that the same file given twice at once adds once. An
    account that this makes opens with what its closing balance leaves over, dated its first row.
    """
    staging = Staging(work)
    new = [target.account is None for target in targets]
    made = await make_accounts(work, targets=targets)
    async with work.naming():
        await name_payees(work, seq=work.scope.seq)
    outcomes = await decide(work, made)
    await staging.keep(source)
    async with work.naming():
        await staging.book(
            expense=await find_system_account(work, role=AccountRole.UNCATEGORISED_EXPENSE),
            income=await find_system_account(work, role=AccountRole.UNCATEGORISED_INCOME),
        )
    if any(outcome.added for outcome in outcomes):
        first, last = staged.ids
        await owe_memos(work, first=first, last=last)
    summaries = summarise(made, outcomes, staged.reading.closings)
    await keep_openings(work, accounts=[one.account for one in summaries if one.account])
    for summary, is_new in zip(summaries, new, strict=True):
        if summary.closing is not None and summary.account is not None:
            await _settle_closing(work, source, summary, is_new=is_new)
    return summaries


async def decide(work: Work, targets: list[Target]) -> list[Outcome]:
    """Decide on the staged rows; accounts still to be made know none of them."""
    aims = [
        Aim(
            target.part.account,
            target.part.currency,
            target.account or UUID(int=place),
            target.currency,
            target.part.rows,
        )
        for place, target in enumerate(targets)
    ]
    return await Staging(work).decide(aims)


def summarise(
    targets: list[Target], outcomes: Iterable[Outcome], closings: list[ClosingBalance]
) -> list[AccountSummary]:
    """Return what the file holds for each target, and what was decided."""
    counts = {outcome.account: outcome for outcome in outcomes}
    summaries: list[AccountSummary] = []
    for place, target in enumerate(targets):
        part = target.part
        outcome = counts.get(target.account or UUID(int=place))
        summaries.append(
            AccountSummary(
                target.account,
                target.source.identifier,
                target.name,
                target.kind,
                target.currency,
                part.rows,
                part.sum_minor,
                part.first,
                part.last,
                added=outcome.added if outcome else 0,
                matched=outcome.matched if outcome else 0,
                closing=_closing(target, closings),
            )
        )
    return summaries


def _closing(target: Target, closings: list[ClosingBalance]) -> ClosingCheck | None:
    """Return the latest closing balance that the file states for ``target``."""
    own = [
        closing
        for closing in closings
        if closing.account == target.part.account
        and closing.currency in {target.part.currency, target.currency}
    ]
    if not own:
        return None
    newest = max(own, key=lambda closing: closing.on or date.min)
    return ClosingCheck(newest.amount_minor, newest.on or target.part.last)


async def foresee_closings(work: Work, summaries: list[AccountSummary]) -> None:
    """Say of accounts that are there whether they will agree with the bank after the import."""
    for summary in summaries:
        closing, account = summary.closing, summary.account
        if closing is not None and account is not None:
            held = await read_account_balance(
                work, account=account, currency=summary.currency, on=closing.on
            )
            moved = await Staging(work).sum_until(account, summary.currency, closing.on)
            summary.closing = closing.against(held + moved)


async def _settle_closing(
    work: Work, source: UUID, summary: AccountSummary, *, is_new: bool
) -> None:
    """Keep the closing balance, and say whether the books agree with it."""
    closing, account = summary.closing, summary.account
    if closing is None or account is None:
        return
    if is_new:
        moved = await Staging(work).sum_until(account, summary.currency, closing.on)
        opening = closing.amount_minor - moved
        on = min(summary.first_date, closing.on)
        await infer_opening(work, account=account, minor=opening, on=on)
    held = await read_account_balance(
        work, account=account, currency=summary.currency, on=closing.on
    )
    summary.closing = closing.against(held)
    await Sources(work).add_closing(
        source, account, closing.on, closing.amount_minor, summary.currency
    )
