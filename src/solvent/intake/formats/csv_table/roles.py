"""Which column holds what: by the mapping, then by the header's words, then by what the cells show.

A header counts only where the cells agree with it, for "Valuta" is a currency in one country and a
date in the next.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, fields

from solvent.intake.formats.csv_table.mapping import Columns, column_number
from solvent.intake.formats.csv_table.phrases import IN, OUT, currency_of, direction_of, state_of
from solvent.intake.formats.csv_table.refusals import MappingDoesNotFit
from solvent.intake.formats.csv_table.table import Column, Table
from solvent.intake.formats.csv_table.words import (
    Role,
    is_counterparty,
    is_kept_from,
    is_own,
    plain,
    roles_of,
)

SHARE_MOST = 0.8
SHARE_HALF = 0.5
FILLED_BONUS = 30.0
"""What a column gains that is filled in every row."""
DIRECTIONS_MAX = 8
"""Most different contents of a column that says in or out."""
ACCOUNTS_SHARE_MAX = 0.34
"""Most different contents for each row of an account column of many rows."""
FEW_ROWS = 6
UNIQUE_SHARE = 0.98
ID_CHARS_MAX = 200
CLEARLY = 50.0
"""Least score of a header that adds to the description."""
MEMOS_MAX = 20


@dataclass(slots=True)
class Places:
    """The index of each column that plays a part, None where there is none."""

    date: int | None = None
    amount: int | None = None
    debit: int | None = None
    credit: int | None = None
    currency: int | None = None
    account: int | None = None
    payee: int | None = None
    description: int | None = None
    memo: list[int] = field(default_factory=list[int])
    direction: int | None = None
    balance: int | None = None
    id: int | None = None
    status: int | None = None

    @property
    def has_amount(self) -> bool:
        """Say whether a column tells how much."""
        return self.amount is not None or self.debit is not None or self.credit is not None

    @property
    def used(self) -> set[int]:
        """Return every index in use."""
        single = {getattr(self, entry.name) for entry in fields(self) if entry.name != "memo"}
        return {*(index for index in single if index is not None), *self.memo}

    def named(self, header: list[str]) -> Columns:
        """Return the columns as a mapping names them: by header where that is clear, else by number."""
        known = {
            entry.name: column_name(getattr(self, entry.name), header)
            for entry in fields(self)
            if entry.name != "memo"
        }
        return Columns(**known, memo=tuple(column_name(index, header) for index in self.memo))  # pyright: ignore[reportArgumentType] - texts all


def column_name(index: int | None, header: list[str]) -> str:
    """Return how a mapping names a column: its header if that is filled and unique."""
    if index is None:
        return ""
    name = header[index] if index < len(header) else ""
    if (
        name
        and column_number(name) is None
        and [plain(one) for one in header].count(plain(name)) == 1
    ):
        return name
    return f"column {index + 1}"


def told_places(columns: Columns, table: Table) -> Places:
    """Return where the told columns stand; raise :class:`MappingDoesNotFit` for one that is missing."""
    places = Places(memo=[_told_index("memo", name, table) for name in columns.memo])
    for entry in fields(columns):
        name: str | tuple[str, ...] = getattr(columns, entry.name)
        if isinstance(name, str) and name:
            setattr(places, entry.name, _told_index(entry.name, name, table))
    return places


def _told_index(role: str, name: str, table: Table) -> int:
    """Return the index of the column that the mapping names ``name``."""
    for same in (str.strip, plain):
        names = [same(cell) for cell in table.header]
        if same(name) in names and same(name):
            return names.index(same(name))
    number = column_number(name)
    if number is None or number > len(table.columns):
        raise MappingDoesNotFit(role, name)
    return number - 1


def score(column: Column, role: Role) -> float:
    """Return how well the column's header names ``role``, 0 where it does not."""
    return roles_of(column.name).get(role, 0.0) if column.name else 0.0


def best(columns: Iterable[Column], role: Role, fits: Callable[[Column], bool]) -> Column | None:
    """Return the column whose header names ``role`` best among those whose cells fit."""
    scored = [(score(column, role), -column.index, column) for column in columns]
    named = [entry for entry in scored if entry[0] > 0 and fits(entry[2])]
    return max(named)[2] if named else None


def find_date(columns: list[Column]) -> Column | None:
    """Return the column of dates: the best named, else the first."""
    dated = [
        column
        for column in columns
        if column.date_share >= SHARE_HALF and column.filled_share >= SHARE_HALF
    ]
    if not dated:
        return None

    def worth(column: Column) -> tuple[float, int]:
        named = score(column, "date")
        full = FILLED_BONUS if named and column.filled_share == 1 else 0.0
        return (named + full, -column.index)

    return max(dated, key=worth)


def is_money(column: Column) -> bool:
    """Say whether the cells can be amounts and are no dates."""
    return column.amount_share >= SHARE_HALF and column.date_share < SHARE_MOST


def is_codes(column: Column) -> bool:
    """Say whether the cells name currencies."""
    known = sum(currency_of(cell) is not None for cell in column.filled)
    return bool(column.filled) and known >= SHARE_MOST * len(column.filled)


def find_currency(columns: list[Column], after: int, *, has_header: bool) -> Column | None:
    """Return the column of currency codes, the nearest behind the amount among equals."""
    free = [column for column in columns if is_codes(column)]
    named = [column for column in free if score(column, "currency") > 0]
    if not named and not has_header:
        named = [c for c in free if c.filled_share == 1 and all(map(_is_code, c.distinct))]

    def worth(column: Column) -> tuple[bool, float, bool, int]:
        behind = column.index > after
        exact = round(score(column, "currency"), -1)
        return (column.filled_share >= SHARE_MOST, exact, behind, -abs(column.index - after))

    return max(named, key=worth) if named else None


def _is_code(cell: str) -> bool:
    return len(cell) == len("EUR") and cell.isupper() and currency_of(cell) == cell


def find_direction(columns: list[Column]) -> Column | None:
    """Return the column that says in or out in every row."""

    def says(column: Column) -> bool:
        if not column.filled or len(column.distinct) > DIRECTIONS_MAX:
            return False
        if is_kept_from("direction", column.name):
            return False
        named = score(column, "direction") > 0
        known = [cell for cell in column.filled if direction_of(cell)]
        letters = all(len(cell) == 1 for cell in column.distinct)
        clear = named or not letters or len(column.distinct) > 1
        least = SHARE_MOST if named else 1.0
        moves = any(direction_of(cell) in {IN, OUT} for cell in known)
        return clear and moves and len(known) >= least * len(column.filled)

    saying = [column for column in columns if column.filled_share >= SHARE_MOST and says(column)]
    return max(saying, key=lambda c: (score(c, "direction"), -c.index)) if saying else None


def find_balance(columns: list[Column]) -> Column | None:
    """Return the column whose header names a balance."""
    return best(columns, "balance", is_money)


def find_account(columns: list[Column], names: list[str], *, has_header: bool) -> Column | None:
    """Return the column that names the own account."""
    rows = max((len(column.cells) for column in columns), default=0)
    other_named = any(is_counterparty(name) and not _names_payee(name) for name in names)

    def own(column: Column) -> bool:
        many = len(column.distinct) > max(1, ACCOUNTS_SHARE_MAX * rows) and rows >= FEW_ROWS
        if column.filled_share < 1 or many or is_counterparty(column.name):
            return False
        if 1 < len(column.distinct) == len(column.cells) and not is_own(column.name):
            return False
        if "iban" in plain(column.name).split() and any(map(_names_payee, names[: column.index])):
            return False
        before = names[column.index - 1] if 0 < column.index <= len(names) else ""
        behind_payee = _names_payee(before) and not is_own(column.name) and not other_named
        is_product = plain(column.name).startswith("produ")
        figures = all(any(c.isdigit() for c in cell) for cell in column.distinct)
        return not behind_payee and (figures or not is_product)

    if has_header:
        return best(columns, "account", own)
    return next(
        (c for c in columns if own(c) and len(c.distinct) == 1 and _is_number(c.cells[0])), None
    )


def _names_payee(name: str) -> bool:
    return "payee" in roles_of(name)


def _is_number(cell: str) -> bool:
    """Say whether a cell looks like an account number or an IBAN."""
    bare = cell.replace(" ", "")
    figures = sum(c.isdigit() for c in bare)
    return figures >= len("12345678") and figures >= len(bare) // 2 and bare.isalnum()


def find_state(columns: list[Column]) -> Column | None:
    """Return the column that says booked or pending."""
    return best(columns, "state", lambda c: any(state_of(cell) for cell in c.distinct))


def find_id(columns: list[Column]) -> Column | None:
    """Return the column of the bank's own ids, only where they tell the rows apart."""

    def unique(column: Column) -> bool:
        different = len(column.distinct) >= UNIQUE_SHARE * len(column.cells)
        figures = all(any(c.isdigit() for c in cell) for cell in column.distinct)
        short = all(len(cell) <= ID_CHARS_MAX for cell in column.distinct)
        return column.filled_share == 1 and different and figures and short

    return best(columns, "id", unique)


def is_text(column: Column) -> bool:
    """Say whether the cells are words."""
    return (
        bool(column.filled) and column.amount_share < SHARE_HALF and column.date_share < SHARE_HALF
    )


def find_texts(table: Table, places: Places) -> None:
    """Fill in payee, description and memo columns that are not told."""
    told = places.payee is not None or places.description is not None
    if not told:
        places.payee = _index(best(_free(table, places), "payee", _has_words))
    if places.description is None:
        free = _free(table, places)
        telling = best(free, "description", _tells) or best(free, "description", _some)
        places.description = _index(telling)
    if not places.memo:
        places.memo = [column.index for column in _memos(_free(table, places), table, places)]
    if places.payee is None and places.description is None:
        places.description = places.memo.pop(0) if places.memo else _index(_longest(table, places))
    if table.header and places.description is None and not places.memo:
        note = best(_free(table, places), "id", _has_words)
        places.memo = [note.index] if note else []
    if not table.header and not places.memo:
        places.memo = [column.index for column in _free(table, places) if _varies(column)][
            :FEW_ROWS
        ]


def _free(table: Table, places: Places) -> list[Column]:
    """Return the columns that play no part yet."""
    return [column for column in table.columns if column.index not in places.used]


def _longest(table: Table, places: Places) -> Column | None:
    """Return the free column with most text, account numbers not counted."""

    def worth(column: Column) -> int:
        return sum(len(cell) for cell in column.distinct if not _is_number(cell))

    return max(filter(is_text, _free(table, places)), key=worth, default=None)


def _varies(column: Column) -> bool:
    """Say whether most rows have a text of their own."""
    return is_text(column) and len(column.distinct) > SHARE_HALF * len(column.cells) > 1


def _some(column: Column) -> bool:
    return bool(column.filled)


def _has_words(column: Column) -> bool:
    """Say whether most cells have letters."""
    worded = sum(any(map(str.isalpha, cell)) for cell in column.distinct)
    return worded > SHARE_HALF * len(column.distinct)


def _tells(column: Column) -> bool:
    """Say whether the column tells rows apart."""
    return bool(column.filled) and (len(column.cells) < FEW_ROWS // 2 or len(column.distinct) > 1)


def _memos(free: list[Column], table: Table, places: Places) -> list[Column]:
    """Return the columns that describe the row further, and the best note."""
    note = best(free, "memo", _some)
    stem = _stem(table.columns[places.description].name) if places.description is not None else ""
    further = [
        column
        for column in free
        if column is not note
        and _tells(column)
        and (score(column, "description") >= CLEARLY or (stem and _stem(column.name) == stem))
    ]
    return [*further[:MEMOS_MAX], *([note] if note else [])]


def _stem(name: str) -> str:
    """Return the header without a number at its end, empty where it has none."""
    words = plain(name)
    bare = words.rstrip("0123456789").strip()
    return bare if bare != words else ""


def _index(column: Column | None) -> int | None:
    return column.index if column else None
