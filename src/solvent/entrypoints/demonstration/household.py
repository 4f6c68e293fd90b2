"""The demonstration household: made once, by the operations that anyone's household is made by."""

import io
import os
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from uuid import UUID

import msgspec

from solvent.entrypoints.demonstration.files import BankFile, bank_files, categories_by_payee
from solvent.entrypoints.hashing import passwords_of
from solvent.entrypoints.installation import data_dir_of
from solvent.households.domain import NewHousehold
from solvent.households.operations.sign_up import sign_up
from solvent.identity.domain import EmailTaken
from solvent.identity.operations.choose_password import choose_password
from solvent.intake.operations.import_file import Upload, import_file
from solvent.kernel.clock import local_day
from solvent.kernel.currency import Currency
from solvent.ledger.domain import AccountKind, AccountRole
from solvent.ledger.operations.change_payee import change_payee
from solvent.ledger.operations.change_transaction import TransactionChanges, change_transaction
from solvent.ledger.operations.find_account import find_account, find_system_account
from solvent.ledger.operations.list_transactions import Asked, list_transactions
from solvent.ledger.operations.name_payee import name_payee
from solvent.ledger.operations.open_account import open_account
from solvent.ledger.operations.open_books import open_books
from solvent.ledger.operations.recognise_account import remember_identifier
from solvent.runtime.database import Database, DatabaseAddress, PoolSize
from solvent.runtime.ids import new_token
from solvent.runtime.settinggroups import Settings
from solvent.runtime.systemclock import SystemClock
from solvent.runtime.work import Work, Works

EMAIL = "demo@solvent.example"
PERSON = "Ada"
HOUSEHOLD = "Ada and Ben"
CURRENCY = "EUR"
TIME_ZONE = "Europe/Berlin"
PASSWORD_FILE = "demonstration-password"  # noqa: S105 - the name of a file
INCOME_PREFIX = "Income:"
CAUSE = "demonstration"
PAGE_ROWS = 1_000


class _Item(msgspec.Struct):
    id: UUID


class _Page(msgspec.Struct):
    items: list[_Item]


async def seed(settings: Settings, address: DatabaseAddress) -> str | None:
    """Make the household unless it is there; return the password when it was made now.

    The password is made once and kept in the data directory, for its owner's eyes alone.
    """
    password = kept_password(data_dir_of(settings))
    database = Database(address, PoolSize(smallest=1, largest=2, statement_timeout_ms=120_000))
    await database.open()
    try:
        works = Works(database, SystemClock())
        hashed = await choose_password(passwords_of(settings), password=password, email=EMAIL)
        try:
            async with works.for_nobody(cause=CAUSE) as work:
                await sign_up(
                    work,
                    email=EMAIL,
                    name=PERSON,
                    password=hashed,
                    household=NewHousehold(HOUSEHOLD, CURRENCY, TIME_ZONE),
                    open_books=open_books,
                )
                await fill(work)
        except EmailTaken:
            return None
    finally:
        await database.close()
    return password


async def fill(work: Work) -> None:
    """Open the accounts, import their files, and give every payee its category."""
    categories = await name_categories(work)
    for payee, path in categories_by_payee().items():
        known = await name_payee(work, name=payee)
        if known is not None:
            await change_payee(work, payee=known, category=categories[path])
    for file in bank_files(until=local_day(work.clock, TIME_ZONE)):
        await bring_in(work, file)
    await settle_transfers(work)


async def name_categories(work: Work) -> Mapping[str, UUID]:
    """Return the category of each path that payees need, made where it is missing."""
    categories: dict[str, UUID] = {}
    for path in set(categories_by_payee().values()):
        kind = AccountKind.INCOME if path.startswith(INCOME_PREFIX) else AccountKind.EXPENSE
        parent: UUID | None = None
        for name in path.removeprefix(INCOME_PREFIX).split(":"):
            parent = (
                await find_account(work, name=name, kind=kind, parent=parent)
                or (await open_account(work, name=name, kind=kind, currency=None, parent=parent)).id
            )
        if parent is not None:
            categories[path] = parent
    return categories


async def bring_in(work: Work, file: BankFile) -> None:
    """Open the account of a bank file, and import the file."""
    account = await open_account(
        work,
        name=file.account_name,
        kind=AccountKind(file.kind),
        currency=Currency.of(file.currency),
        opening_balance_minor=file.opening_balance_minor,
        opened_on=file.opened_on,
    )
    await remember_identifier(
        work, account=account.id, identifier=file.identifier, currency=file.currency
    )
    upload = Upload(io.BytesIO(file.content), file.name, account=account.id)
    await import_file(work, upload=upload, commit=True)


async def settle_transfers(work: Work) -> None:
    """Put what moved between own accounts, which has no category, on the transfers account."""
    transfers = await find_system_account(work, role=AccountRole.TRANSFERS)
    while True:
        page = await list_transactions(work, asked=Asked(uncategorised=True), limit=PAGE_ROWS)
        items = msgspec.json.decode(page, type=_Page).items
        if not items:
            return
        for item in items:
            await change_transaction(
                work, transaction=item.id, changes=TransactionChanges(category=transfers)
            )


def kept_password(data_dir: Path) -> str:
    """Return the password kept in ``data_dir``, made if there is none (mode 0600)."""
    data_dir.mkdir(parents=True, exist_ok=True)
    path = data_dir / PASSWORD_FILE
    with suppress(FileExistsError):
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "w") as file:
            file.write(new_token()[:20])
    return path.read_text()
