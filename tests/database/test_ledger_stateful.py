"""Any history of changes, held against an auditor who only adds up numbers.

The auditor keeps a list of entries for each transaction and adds them; it knows nothing of postings,
weights, triggers or claims. Each history runs in one transaction of the database, which is rolled
back, with a savepoint around each change as a request has its transaction.
"""

import asyncio
import io
from collections import defaultdict
from collections.abc import Awaitable, Callable, Generator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from solvent.households.domain import NewHousehold
from solvent.households.operations.sign_up import sign_up
from solvent.intake.invariants import RUNNING_IMPORTS_HAVE_THEIR_JOB
from solvent.intake.operations.import_file import Upload, import_file
from solvent.intake.operations.redo_import import redo_import
from solvent.intake.operations.undo_import import undo_import
from solvent.kernel.currency import Currency
from solvent.kernel.period import month_of
from solvent.ledger.domain import AccountKind, AccountRole, Leg
from solvent.ledger.operations.change_account import AccountChanges, change_account
from solvent.ledger.operations.change_transaction import TransactionChanges, change_transaction
from solvent.ledger.operations.delete_transaction import delete_transaction, restore_transaction
from solvent.ledger.operations.open_account import open_account
from solvent.ledger.operations.open_books import open_books
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.read_balances import read_balances
from solvent.ledger.operations.read_months import read_months
from solvent.ledger.operations.record_transaction import Statement, record_transaction
from solvent.ledger.operations.reverse_transaction import reverse_transaction
from solvent.runtime.database import Database, PoolSize
from solvent.runtime.passwords import PasswordHash
from solvent.runtime.work import Work, Works
from tests.clocks import HandMovedClock
from tests.database.bookkeeping import EVERY_INVARIANT
from tests.database.servers import Server
from tests.database.statements import ofx

T = TypeVar("T")

EUR, USD = Currency.of("EUR"), Currency.of("USD")
TODAY = date(2026, 3, 15)
DAYS = st.integers(0, 100).map(lambda back: TODAY - timedelta(days=back))
MINOR = st.integers(-1_000_000, 1_000_000)
PLACES = st.integers(0, 50)
BANK_ROWS = tuple(
    (f"row{number}", TODAY - timedelta(days=7 * number), (-1) ** number * (100 + number))
    for number in range(8)
)
"""What the bank knows: id, day and minor units of each row; a file holds some of them."""

HISTORIES = 20
"""How many histories are tried on each server."""
CHANGES = 30
"""How many changes a history has at most."""

Key = tuple[UUID, str]
Entry = tuple[UUID, str, int]


@dataclass
class Auditor:
    """What the books must come to: entries by transaction, openings by account, rows by file."""

    entries: dict[UUID, tuple[date, list[Entry]]] = field(default_factory=dict[Any, Any])
    deleted: dict[UUID, tuple[date, list[Entry]]] = field(default_factory=dict[Any, Any])
    openings: dict[UUID, tuple[date, int]] = field(default_factory=dict[Any, Any])
    files: dict[UUID, set[int]] = field(default_factory=dict[Any, Any])
    undone: dict[UUID, set[int]] = field(default_factory=dict[Any, Any])

    def all_entries(self, bank: UUID, equity: UUID, spent: UUID, earned: UUID) -> list[Any]:
        """Return every (day, account, currency, minor) that must be in the books."""
        found = [(day, *entry) for day, entries in self.entries.values() for entry in entries]
        for account, (day, minor) in self.openings.items():
            found += [(day, account, "EUR", minor), (day, equity, "EUR", -minor)]
        for place in set().union(*self.files.values()):
            _, day, minor = BANK_ROWS[place]
            other = spent if minor < 0 else earned
            found += [(day, bank, "EUR", minor), (day, other, "EUR", -minor)]
        return found


class LedgerMachine(RuleBasedStateMachine):
    """One household, changed at random; ``runner`` and ``works`` are set by the test."""

    runner: asyncio.Runner
    works: Works

    def __init__(self) -> None:
        super().__init__()
        self.auditor = Auditor()
        self.stack = AsyncExitStack()

    def run(self, change: Callable[[Work], Awaitable[T]]) -> T:
        """Make one change as a request does: all of it or nothing."""

        async def within() -> T:
            async with self.work.connection.transaction():
                return await change(self.work)

        return self.runner.run(within())

    @initialize()
    def sign_up(self) -> None:
        async def begin() -> None:
            self.work = await self.stack.enter_async_context(self.works.for_nobody(cause="test"))
            await sign_up(
                self.work,
                email="alma@example.org",
                name="Alma Example",
                password=PasswordHash("$2b$04$" + "." * 53),
                household=NewHousehold("Home", "EUR"),
                open_books=open_books,
            )
            for name, currency in (("Current", EUR), ("Dollars", USD), ("Bank", EUR)):
                kind = AccountKind.ASSET
                made = await open_account(self.work, name=name, kind=kind, currency=currency)
                self.ids[name] = made.id
            for account in await read_accounts(self.work):
                self.ids.setdefault(account.role or account.path, account.id)

        self.ids: dict[str, UUID] = {}
        self.runner.run(begin())
        self.current, self.dollars, self.bank = list(self.ids.values())[:3]
        self.equity = self.ids[AccountRole.OPENING]
        self.spent = self.ids[AccountRole.UNCATEGORISED_EXPENSE]
        self.earned = self.ids[AccountRole.UNCATEGORISED_INCOME]
        self.opened = [self.current]
        self.categories = [self.ids["Food:Coffee"], self.ids["Leisure:Books"], self.ids["Salary"]]

    def teardown(self) -> None:
        async def roll_back() -> None:
            await self.stack.__aexit__(KeyboardInterrupt, KeyboardInterrupt(), None)

        self.runner.run(roll_back())

    def chosen(self, place: int) -> UUID:
        """Return one of the transactions that are in the books."""
        return list(self.auditor.entries)[place % len(self.auditor.entries)]

    def category(self, place: int) -> UUID:
        return self.categories[place % len(self.categories)]

    def legs(self, place: int, minor: int, *, abroad: bool) -> tuple[tuple[Leg, ...], list[Entry]]:
        """Return a purchase of two legs, or with a third in another currency, and its entries."""
        own = self.opened[place % len(self.opened)]
        third = minor // 3 if abroad else 0
        legs = [Leg(own, -minor, EUR), Leg(self.category(place), minor - third, EUR)]
        entries = [(own, "EUR", -minor), (self.category(place), "EUR", minor - third)]
        if abroad:
            legs.append(Leg(self.dollars, third * 2, USD))
            entries.append((self.dollars, "USD", third * 2))
        return tuple(legs), entries

    @rule(day=DAYS, place=PLACES, minor=MINOR, abroad=st.booleans())
    def record(self, day: date, place: int, minor: int, *, abroad: bool) -> None:
        legs, entries = self.legs(place, minor, abroad=abroad)
        said = Statement(payee=f"Shop {place % 3}", tags=("tag",) * (place % 2))
        made = self.run(lambda work: record_transaction(work, booked_on=day, legs=legs, said=said))
        self.auditor.entries[made] = (day, entries)

    @precondition(lambda self: self.auditor.entries)
    @rule(which=PLACES, day=DAYS, place=PLACES, minor=MINOR, abroad=st.booleans())
    def edit(self, which: int, day: date, place: int, minor: int, *, abroad: bool) -> None:
        transaction = self.chosen(which)
        legs, entries = self.legs(place, minor, abroad=abroad)
        changes = TransactionChanges(booked_on=day, legs=legs, payee=f"Shop {place % 2}")
        self.run(lambda work: change_transaction(work, transaction=transaction, changes=changes))
        self.auditor.entries[transaction] = (day, entries)

    @precondition(lambda self: self.auditor.entries)
    @rule(which=PLACES, day=DAYS)
    def move_day(self, which: int, day: date) -> None:
        transaction = self.chosen(which)
        changes = TransactionChanges(booked_on=day)
        self.run(lambda work: change_transaction(work, transaction=transaction, changes=changes))
        self.auditor.entries[transaction] = (day, self.auditor.entries[transaction][1])

    @precondition(lambda self: self.auditor.entries)
    @rule(which=PLACES, place=PLACES)
    def move_category(self, which: int, place: int) -> None:
        transaction = self.chosen(which)
        changes = TransactionChanges(category=self.category(place))
        self.run(lambda work: change_transaction(work, transaction=transaction, changes=changes))
        day, entries = self.auditor.entries[transaction]
        moved = [
            (self.category(place) if account in self.categories else account, currency, minor)
            for account, currency, minor in entries
        ]
        self.auditor.entries[transaction] = (day, moved)

    @precondition(lambda self: self.auditor.entries)
    @rule(which=PLACES)
    def delete(self, which: int) -> None:
        transaction = self.chosen(which)
        self.run(lambda work: delete_transaction(work, transaction=transaction))
        self.auditor.deleted[transaction] = self.auditor.entries.pop(transaction)

    @precondition(lambda self: self.auditor.deleted)
    @rule()
    def restore(self) -> None:
        transaction, entries = self.auditor.deleted.popitem()
        self.run(lambda work: restore_transaction(work, transaction=transaction))
        self.auditor.entries[transaction] = entries

    @precondition(lambda self: self.auditor.entries)
    @rule(which=PLACES)
    def reverse(self, which: int) -> None:
        transaction = self.chosen(which)
        mirror = self.run(lambda work: reverse_transaction(work, transaction=transaction))
        _, entries = self.auditor.entries[transaction]
        self.auditor.entries[mirror] = (
            TODAY,
            [(who, what, -minor) for who, what, minor in entries],
        )

    @precondition(lambda self: len(self.opened) < 4)
    @rule(minor=MINOR, day=DAYS, child=st.booleans())
    def open(self, minor: int, day: date, *, child: bool) -> None:
        account = self.run(
            lambda work: open_account(
                work,
                name=f"Account {len(self.opened)}",
                kind=AccountKind.ASSET,
                currency=EUR,
                parent=self.current if child else None,
                opening_balance_minor=minor,
                opened_on=day,
            )
        )
        self.opened.append(account.id)
        self.auditor.openings[account.id] = (day, minor)

    @precondition(lambda self: self.auditor.openings)
    @rule(which=PLACES, minor=st.none() | MINOR, day=st.none() | DAYS)
    def correct_opening(self, which: int, minor: int | None, day: date | None) -> None:
        account = list(self.auditor.openings)[which % len(self.auditor.openings)]
        changes = AccountChanges(opened_on=day, opening_balance_minor=minor)
        self.run(lambda work: change_account(work, account=account, changes=changes))
        old_day, old_minor = self.auditor.openings[account]
        self.auditor.openings[account] = (day or old_day, old_minor if minor is None else minor)

    @rule(places=st.sets(st.integers(0, len(BANK_ROWS) - 1), min_size=1))
    def import_rows(self, places: set[int]) -> None:
        rows = [BANK_ROWS[place] for place in sorted(places)]
        upload = Upload(io.BytesIO(ofx(rows, account="4711")), "bank.ofx", self.bank)
        answer = self.run(lambda work: import_file(work, upload=upload, commit=True))
        self.auditor.files[answer.id] = places

    @precondition(lambda self: self.auditor.files)
    @rule(which=PLACES)
    def undo(self, which: int) -> None:
        source = list(self.auditor.files)[which % len(self.auditor.files)]
        self.run(lambda work: undo_import(work, source=source))
        self.auditor.undone[source] = self.auditor.files.pop(source)

    @precondition(lambda self: self.auditor.undone)
    @rule(which=PLACES)
    def redo(self, which: int) -> None:
        source = list(self.auditor.undone)[which % len(self.auditor.undone)]
        self.run(lambda work: redo_import(work, source=source))
        self.auditor.files[source] = self.auditor.undone.pop(source)

    @invariant()
    def the_books_agree(self) -> None:
        expected = self.auditor.all_entries(self.bank, self.equity, self.spent, self.earned)
        for day in (TODAY, TODAY - timedelta(days=45)):
            assert self.runner.run(self.balances(day)) == summed(
                ((account, currency), minor)
                for on, account, currency, minor in expected
                if on <= day
            )
        assert self.runner.run(self.months()) == summed(
            ((account, currency, month_of(on)), minor) for on, account, currency, minor in expected
        )

    @invariant()
    def what_must_hold_holds(self) -> None:
        assert self.runner.run(self.offences()) == []

    async def balances(self, day: date) -> dict[Key, int]:
        rows = await read_balances(self.work, on=day)
        return {(row.account, row.currency): row.amount_minor for row in rows if row.amount_minor}

    async def months(self) -> dict[tuple[UUID, str, date], int]:
        first = date(2025, 1, 1)
        rows = await read_months(self.work, kinds=list(AccountKind), first=first, last=TODAY)
        return {
            (row.account, row.currency, month): minor
            for row in rows
            for month, minor in zip(row.months, row.amounts_minor, strict=True)
            if minor
        }

    async def offences(self) -> list[str]:
        return [
            each.code
            for each in EVERY_INVARIANT
            if each is not RUNNING_IMPORTS_HAVE_THEIR_JOB  # the application reads no jobs
            and await self.work.connection.fetch(each.offenders)
        ]


def summed(amounts: Any) -> dict[Any, int]:
    """Return the sum by key, without those that are zero."""
    sums: defaultdict[Any, int] = defaultdict(int)
    for key, minor in amounts:
        sums[key] += minor
    return {key: minor for key, minor in sums.items() if minor}


@pytest.fixture
def runner() -> Generator[asyncio.Runner, None, None]:
    with asyncio.Runner() as opened:
        yield opened


def test_the_books_agree_with_an_auditor_who_only_adds(
    server: Server, template: str, runner: asyncio.Runner
) -> None:
    database = Database(server.address(template), PoolSize(1, 2))
    runner.run(database.open())
    LedgerMachine.runner = runner
    LedgerMachine.works = Works(database, HandMovedClock(datetime(2026, 3, 15, 12, tzinfo=UTC)))
    try:
        run_state_machine_as_test(
            LedgerMachine,
            settings=settings(
                max_examples=HISTORIES,
                stateful_step_count=CHANGES,
                deadline=None,
                database=None,
                phases=[Phase.generate],  # finding a smaller history would take minutes
                print_blob=True,
                suppress_health_check=list(HealthCheck),
            ),
        )
    finally:
        runner.run(database.close())
