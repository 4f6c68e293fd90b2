"""Find the accounts of the books that a file's accounts are, and make those that are new."""

from dataclasses import dataclass
from pathlib import PurePath
from uuid import UUID

from solvent.intake.domain import CurrencyClash
from solvent.intake.formats.reading import Choice, NeedsAnswer, Question, SourceAccount
from solvent.intake.operations.stage_file import Staged
from solvent.intake.store.staging import Part
from solvent.kernel.access import Level
from solvent.kernel.currency import UNKNOWN_CODE, Currency
from solvent.kernel.errors import BadValue, NotAllowed, NotFound
from solvent.ledger.domain import AccountKind, AccountRow
from solvent.ledger.operations.find_account import find_account
from solvent.ledger.operations.open_account import open_account
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.recognise_account import recognise_account, remember_identifier
from solvent.runtime.work import BEYOND, Work

NAMES_TRIED_MAX = 100
UNKNOWN_DIGITS = Currency.of(UNKNOWN_CODE).digits
READ_AS_TOLD = frozenset({"csv"})
"""Formats whose reader takes a person's word for the currency."""


@dataclass(frozen=True, slots=True)
class Target:
    """Where the rows of one part go; ``account`` is None while it still has to be made."""

    part: Part
    source: SourceAccount
    account: UUID | None
    name: str
    kind: str
    currency: str


async def find_accounts(
    work: Work, *, staged: Staged, told: UUID | None, file_name: str, make_new: bool = False
) -> list[Target]:
    """Return the target of each part of the file.

    The person's word (``told``) counts for a file of one account; then what the bank calls it; a
    name that is not known yet will be a new account, and with ``make_new`` a file without a name
    too. Raise :class:`NeedsAnswer` when the file does
    not name its account and there are several it could be.
    """
    tree = {account.id: account for account in await read_accounts(work)}
    several = len({part.account for part in staged.parts}) > 1
    targets: list[Target] = []
    for part in staged.parts:
        source = staged.reading.accounts[part.account]
        own = told
        if own is None or (several and source.identifier):
            own = await recognise_account(
                work, identifier=source.identifier, currency=part.currency
            )
        elif own not in tree:
            raise NotFound("account")
        elif not AccountKind(tree[own].kind).holds_money:
            raise BadValue("A bank's file is of an asset or a liability.", field="account")
        if own is None and not source.identifier and not make_new:
            _ask_if_unclear(tree, staged, file_name)
        account = None if own is None else tree[own]
        targets.append(
            _booked(work, part, source, staged, account)
            if account is not None
            else _new(work, part, source, staged, file_name)
        )
    return targets


def _ask_if_unclear(tree: dict[UUID, AccountRow], staged: Staged, file_name: str) -> None:
    """Ask which account it is, unless there is none yet that it could be."""
    candidates = [a for a in tree.values() if AccountKind(a.kind).holds_money and not a.closed_on]
    if not candidates:
        return
    choices = [Choice(account.path, {"account": str(account.id)}) for account in candidates]
    choices.append(Choice(f"a new account, “{_stem(file_name)}”", {"account": "new"}))
    question = Question(
        "intake.which_account", "Which account is this file of? It does not say.", tuple(choices)
    )
    raise NeedsAnswer((question,), staged.reading.mapping)


def _booked(
    work: Work, part: Part, source: SourceAccount, staged: Staged, account: AccountRow
) -> Target:
    """Aim at an account that is there; refuse another currency than it is kept in."""
    if work.scope.access.level(account.id) < Level.EDIT:
        raise NotAllowed(BEYOND)
    kept_in = account.currency or work.scope.base_currency
    if part.currency not in {UNKNOWN_CODE, kept_in}:
        raise CurrencyClash(rows=part.currency, account=kept_in)
    _check_digits(part, kept_in, staged)
    return Target(part, source, account.id, account.path, account.kind, kept_in)


def _new(work: Work, part: Part, source: SourceAccount, staged: Staged, file_name: str) -> Target:
    """Aim at an account that will be made, in the file's currency or else the household's."""
    currency = part.currency if part.currency != UNKNOWN_CODE else source.currency
    if currency in {"", UNKNOWN_CODE}:
        currency = work.scope.base_currency
        staged.reading.warn(
            "intake.currency_assumed", f"The file names no currency; {currency} is assumed."
        )
        _check_digits(part, currency, staged)
    name = source.name or (_short(source.identifier) if source.identifier else _stem(file_name))
    return Target(part, source, None, name, source.kind, currency)


def _check_digits(part: Part, kept_in: str, staged: Staged) -> None:
    """Ask before amounts without a currency go to one that has not two digits.

    They were read with two: 1000 would become a hundred times as many yen.
    """
    if part.currency != UNKNOWN_CODE or Currency.of(kept_in).digits == UNKNOWN_DIGITS:
        return
    if staged.reading.format not in READ_AS_TOLD:
        raise CurrencyClash(rows=UNKNOWN_CODE, account=kept_in)
    question = Question(
        "intake.which_currency",
        f"The file names no currency. Are its amounts in {kept_in}?",
        (Choice(f"Yes, in {kept_in}", {"currency": kept_in}),),
    )
    raise NeedsAnswer((question,), staged.reading.mapping)


async def make_accounts(work: Work, *, targets: list[Target]) -> list[Target]:
    """Make the accounts that are missing, remember what banks call all of them."""
    made: list[Target] = []
    for target in targets:
        account = target.account
        if account is None:
            kind = AccountKind(target.kind)
            opened = await open_account(
                work,
                name=await _free_name(work, target, kind),
                kind=kind,
                currency=Currency.of(target.currency),
                opened_on=target.part.first,
            )
            account = opened.id
        if target.source.identifier:
            await remember_identifier(
                work,
                account=account,
                identifier=target.source.identifier,
                currency=target.currency,
            )
        made.append(
            Target(target.part, target.source, account, target.name, target.kind, target.currency)
        )
    return made


async def _free_name(work: Work, target: Target, kind: AccountKind) -> str:
    plain = target.name.replace(":", " ").strip()[:150] or "Account"
    for name in (plain, f"{plain} {target.currency}", *_numbered(plain)):
        if await find_account(work, name=name, kind=kind) is None:
            return name
    raise RuntimeError("a hundred accounts bear the same name")


def _numbered(name: str) -> list[str]:
    return [f"{name} {number}" for number in range(2, NAMES_TRIED_MAX)]


def _short(identifier: str) -> str:
    """Name an account by the end of its number, as banks do."""
    number = identifier.rpartition("/")[2].replace(" ", "")
    return f"Account …{number[-4:]}" if len(number) > 4 else f"Account {number}"  # noqa: PLR2004


def _stem(file_name: str) -> str:
    return PurePath(file_name).stem[:100] or "Account"
