"""A seeded household: N bank rows in six accounts and two currencies, and the answer to everything.

Equal seeds give equal rows on every machine. Each payee belongs to one category, so that spending
by category can be known without asking any program.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

SEED = 20_260_301
FIRST_DAY = date(2021, 1, 1)
DAYS = 5 * 365
HEADER = ("Date", "Payee", "Note", "Amount", "Currency", "Balance", "Reference")
NOTES = ("Card payment", "Contactless", "Online order", "Standing order", "Thank you", "Invoice")
REFUND_SHARE = 0.03
INCOME = "Bench wages"


class Account(NamedTuple):
    """One of the six; a debt is negative."""

    name: str
    kind: str
    currency: str
    opening_minor: int
    share: float


ACCOUNTS = (
    Account("Current", "asset", "EUR", 250_000, 0.40),
    Account("Savings", "asset", "EUR", 900_000, 0.04),
    Account("Card", "liability", "EUR", -42_000, 0.26),
    Account("Purse", "asset", "EUR", 12_000, 0.08),
    Account("Dollars", "asset", "USD", 310_000, 0.12),
    Account("Dollar card", "liability", "USD", -8_000, 0.10),
)


class Payee(NamedTuple):
    """Who is paid: the category, and the prices from the lowest to the highest."""

    name: str
    category: str
    lowest_minor: int
    highest_minor: int
    weight: int


def _payees() -> tuple[Payee, ...]:
    """Lay out the payees: the first of a category is paid most often."""
    trades = {
        "Bench groceries": ("Harbour Market", "Green Basket", "Night Market", "Orchard Foods"),
        "Bench dining": ("Noodle House", "Trattoria Luna", "Taco Yard"),
        "Bench coffee": ("Bean and Leaf", "Dockside Espresso"),
        "Bench transport": ("City Metro", "Regional Rail", "Nordic Fuel", "Easy Parking"),
        "Bench housing": ("Bright Energy", "Waterworks", "Fibre Net"),
        "Bench health": ("Corner Pharmacy", "Bright Smile Dental", "Iron Temple Gym"),
        "Bench family": ("Little Oaks Childcare", "Playful Toys", "Happy Paws"),
        "Bench leisure": ("Old Town Books", "Pixel Forge Games", "Grand Cinema", "Stream Box"),
        "Bench travel": ("Pacific Wings", "Lakeside Inn", "Museum Pass"),
        "Bench shopping": ("Urban Wardrobe", "Volt Electronics", "House and Hearth", "Flea Market"),
    }
    spent = [
        Payee(name, category, 200 + 150 * rank, 6_000 + 4_000 * rank, max(1, 8 - rank - place))
        for rank, (category, names) in enumerate(trades.items())
        for place, name in enumerate(names)
    ]
    return (*spent, Payee("Acme Robotics Payroll", INCOME, 180_000, 390_000, 1))


PAYEES = _payees()


class Row(NamedTuple):
    """One row of a statement; ``raw`` is the payee as the bank writes it."""

    account: int
    day: date
    payee: int
    raw: str
    note: str
    amount_minor: int
    balance_minor: int
    reference: str


class Search(NamedTuple):
    """The question of W5; days are inclusive, amounts are without sign."""

    payee: str
    min_minor: int
    max_minor: int
    first: date
    last: date
    limit: int


SEARCH = Search(
    "Market", 1_000, 6_000, FIRST_DAY + timedelta(400), FIRST_DAY + timedelta(1_500), 50
)
Cells = dict[tuple[str, str], int]
"""A sum in minor units by month (``2021-03``) and name; currencies are added up as they are."""


@dataclass(frozen=True)
class Household:
    """The rows in the order of the files, and the files: one for each account and format."""

    rows: list[Row]
    folder: Path

    @property
    def csv_files(self) -> list[Path]:
        """The six files as CSV, in the order of ``ACCOUNTS``."""
        return [self.folder / f"{account.name}.csv" for account in ACCOUNTS]

    @property
    def ofx_files(self) -> list[Path]:
        """The same rows as OFX."""
        return [self.folder / f"{account.name}.ofx" for account in ACCOUNTS]

    @property
    def months(self) -> list[str]:
        """Every month from the first row to the last."""
        first, last = min(row.day for row in self.rows), max(row.day for row in self.rows)
        count = (last.year - first.year) * 12 + last.month - first.month + 1
        places = [first.month - 1 + place for place in range(count)]
        return [f"{first.year + place // 12}-{place % 12 + 1:02d}" for place in places]

    def sums(self) -> dict[str, int]:
        """Return what the rows of each account add up to."""
        sums = dict.fromkeys((account.name for account in ACCOUNTS), 0)
        for row in self.rows:
            sums[ACCOUNTS[row.account].name] += row.amount_minor
        return sums

    def spending(self) -> Cells:
        """Answer W3: what was spent, positive, by month and category."""
        cells: defaultdict[tuple[str, str], int] = defaultdict(int)
        for row in self.rows:
            category = PAYEES[row.payee].category
            if category != INCOME:
                cells[month_of(row.day), category] -= row.amount_minor
        return {key: minor for key, minor in cells.items() if minor}

    def balances(self) -> Cells:
        """Answer W4: what each account holds at the end of each month."""
        moved: defaultdict[tuple[str, str], int] = defaultdict(int)
        for row in self.rows:
            moved[month_of(row.day), ACCOUNTS[row.account].name] += row.amount_minor
        return running(moved, self.months)

    def found(self) -> list[str]:
        """Answer W5: the days of the newest rows that match, newest first."""
        asked = SEARCH
        days = [
            row.day
            for row in self.rows
            if asked.payee in PAYEES[row.payee].name
            and asked.min_minor <= abs(row.amount_minor) <= asked.max_minor
            and asked.first <= row.day <= asked.last
        ]
        return [day.isoformat() for day in sorted(days, reverse=True)[: asked.limit]]


def running(moved: Cells, months: list[str]) -> Cells:
    """Turn what was moved in each month into what each account holds at its end."""
    cells: Cells = {}
    for account in ACCOUNTS:
        moves = [moved.get((month, account.name), 0) for month in months]
        held = accumulate(moves, initial=account.opening_minor)
        next(held)
        cells |= {(month, account.name): minor for month, minor in zip(months, held, strict=True)}
    return cells


def month_of(day: date) -> str:
    """Return the month of ``day`` as it is written in answers."""
    return f"{day.year}-{day.month:02d}"


def make_household(count: int, folder: Path) -> Household:
    """Draw ``count`` rows and write the twelve files."""
    folder.mkdir(parents=True)
    folder.chmod(0o755)
    counts = [int(count * account.share) for account in ACCOUNTS]
    counts[0] += count - sum(counts)
    rows = [row for place, own in enumerate(counts) for row in _draw(place, own)]
    household = Household(rows, folder)
    for place, account in enumerate(ACCOUNTS):
        own = [row for row in rows if row.account == place]
        _write_csv(household.csv_files[place], account, own)
        _write_ofx(household.ofx_files[place], account, own)
    return household


def _draw(account: int, count: int) -> Iterator[Row]:
    chance = random.Random(f"{SEED}/{account}")  # noqa: S311 - reproducible on purpose
    weights = [payee.weight for payee in PAYEES]
    places = chance.choices(range(len(PAYEES)), weights, k=count)
    days = sorted(chance.choices(range(DAYS), k=count))
    held = ACCOUNTS[account].opening_minor
    for number, (place, day) in enumerate(zip(places, days, strict=True)):
        payee = PAYEES[place]
        minor = chance.randint(payee.lowest_minor, payee.highest_minor)
        into = payee.category == INCOME or chance.random() < REFUND_SHARE
        amount = minor if into else -minor
        held += amount
        upper = payee.name.upper()
        raw = chance.choice((payee.name, upper, f"{upper} {chance.randint(1000, 1003)}"))
        note = f"{chance.choice(NOTES)} {chance.randint(100_000, 999_999)}"
        yield Row(
            account,
            FIRST_DAY + timedelta(day),
            place,
            raw,
            note,
            amount,
            held,
            f"{account}{number:09d}",
        )


def units(minor: int) -> str:
    """Write minor units as a decimal: ``-12.34``."""
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02d}"


def _write_csv(path: Path, account: Account, rows: list[Row]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        for row in rows:
            amount, balance = units(row.amount_minor), units(row.balance_minor)
            cells = (row.day, row.raw, row.note, amount, account.currency, balance, row.reference)
            writer.writerow(cells)


def _write_ofx(path: Path, account: Account, rows: list[Row]) -> None:
    closing = units(rows[-1].balance_minor if rows else account.opening_minor)
    with path.open("w", encoding="utf-8") as file:
        file.write(
            '<?xml version="1.0" encoding="UTF-8"?>\n<?OFX OFXHEADER="200" VERSION="211" '
            'SECURITY="NONE" OLDFILEUID="NONE" NEWFILEUID="NONE"?>\n<OFX><BANKMSGSRSV1><STMTTRNRS>'
            f"<STMTRS><CURDEF>{account.currency}</CURDEF><BANKACCTFROM><BANKID>999000</BANKID>"
            f"<ACCTID>{account.name}</ACCTID><ACCTTYPE>CHECKING</ACCTTYPE></BANKACCTFROM>"
            f"<BANKTRANLIST><DTSTART>{FIRST_DAY:%Y%m%d}</DTSTART>"
            f"<DTEND>{FIRST_DAY + timedelta(DAYS):%Y%m%d}</DTEND>\n"
        )
        for row in rows:
            file.write(
                f"<STMTTRN><TRNTYPE>{'CREDIT' if row.amount_minor > 0 else 'DEBIT'}</TRNTYPE>"
                f"<DTPOSTED>{row.day:%Y%m%d}</DTPOSTED><TRNAMT>{units(row.amount_minor)}</TRNAMT>"
                f"<FITID>{row.reference}</FITID><NAME>{row.raw}</NAME><MEMO>{row.note}</MEMO>"
                "</STMTTRN>\n"
            )
        file.write(
            f"</BANKTRANLIST><LEDGERBAL><BALAMT>{closing}</BALAMT>"
            f"<DTASOF>{FIRST_DAY + timedelta(DAYS):%Y%m%d}</DTASOF></LEDGERBAL></STMTRS>"
            "</STMTTRNRS></BANKMSGSRSV1></OFX>\n"
        )
