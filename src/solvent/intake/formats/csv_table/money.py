"""Where the amount stands and which sign it has: one column, two columns, or a column with a word.

Evidence in order: what the mapping says, what the header says, whether a running balance follows,
and last the habits of banks (debit stands before credit).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from itertools import combinations

from solvent.intake.formats.csv_table.amounts import decimal_mark, shape_of
from solvent.intake.formats.csv_table.balances import Steps, steps
from solvent.intake.formats.csv_table.phrases import (
    CARD_HEADERS,
    CARD_NETWORKS,
    IN,
    OUT,
    PAYMENT_THANKED,
    SELLER_HEADERS,
    direction_of,
)
from solvent.intake.formats.csv_table.roles import (
    SHARE_HALF,
    SHARE_MOST,
    Places,
    best,
    find_balance,
    find_direction,
    is_money,
    score,
)
from solvent.intake.formats.csv_table.table import Column, Table
from solvent.intake.formats.csv_table.words import plain

CANDIDATES_MAX = 8
"""Most columns of amounts that are tried against each other."""
MONEY_SHARE = 0.3
"""Least share of cells written as money for a column without a telling header."""
AGREEING_SHARE = 0.9
VERDICT_STEPS_MIN = 2


@dataclass(slots=True)
class Signs:
    """How amounts get their sign; see the fields of ``Plan``."""

    invert: bool = False
    unsigned_out: bool = False
    debit_factor: int = -1
    credit_factor: int = 1
    values: dict[str, str] = field(default_factory=dict[str, str])
    is_card: bool = False


def money_columns(columns: Sequence[Column]) -> list[Column]:
    """Return the columns that look like money without a header's help; bare figures do not."""
    numbers = [column for column in columns if column.filled and is_money(column)]
    return [column for column in numbers if column.money_share >= MONEY_SHARE][:CANDIDATES_MAX]


def find_decimal(columns: Sequence[Column], delimiter: str, digits: int) -> str:
    """Return the decimal mark that the columns of amounts show."""
    fallback = "," if delimiter == ";" else "."
    cells = [cell for column in columns for cell in column.filled]
    return decimal_mark(cells, fraction_digits=digits, fallback=fallback)


def place_amounts(table: Table, places: Places, decimal: str) -> None:
    """Find the columns of the amount and of the balance where the mapping does not name them."""
    free = [column for column in table.columns if column.index not in places.used]
    if not places.has_amount:
        _by_header(free, places)
        _complete_pair(table, free, places, decimal)
    if not places.has_amount:
        _by_evidence(table, free, places, decimal)
    free = [column for column in free if column.index not in places.used]
    if places.balance is None:
        balance = find_balance(free)
        places.balance = balance.index if balance else None
    if places.balance is None and not table.header:
        _balance_by_evidence(table, free, places, decimal)


def _by_header(free: list[Column], places: Places) -> None:
    """Take the columns that the header names: a signed amount before a pair before any amount."""
    net = best(free, "net", is_money) if any(score(c, "fee") for c in free) else None
    amount = net or best(free, "amount", is_money)
    debit = best(free, "debit", _money_or_empty)
    rest = [column for column in free if column is not debit]
    credit = best(rest, "credit", _money_or_empty)
    pair = debit is not None and credit is not None and bool(debit.filled or credit.filled)
    signed = amount is not None and bool(amount.signs["-"])
    lone = amount is None and bool((debit and debit.filled) or (credit and credit.filled))
    if (pair and not signed) or lone:
        places.debit = debit.index if debit else None
        places.credit = credit.index if credit else None
    elif amount is not None:
        places.amount = amount.index


def _complete_pair(table: Table, free: list[Column], places: Places, decimal: str) -> None:
    """Take a second column where the one named amount is empty whenever that one is filled."""
    if places.amount is None or table.columns[places.amount].filled_share >= SHARE_MOST:
        return
    amount = table.columns[places.amount]
    others = (c for c in money_columns(free) if c is not amount and not score(c, "balance"))
    other = next((column for column in others if _exclude(amount, column)), None)
    if other is not None:
        places.amount = None
        _by_evidence(table, [*free], places, decimal)


def _money_or_empty(column: Column) -> bool:
    return not column.filled or is_money(column)


def _exclude(one: Column, other: Column) -> bool:
    """Say whether each row has an amount in one of two columns, and both columns are in use."""
    both = [(one.is_nonzero(row), other.is_nonzero(row)) for row in range(len(one.cells))]
    if any(x and y for x, y in both) or not both:
        return False
    used = sum(bool(one.cells[row] or other.cells[row]) for row in range(len(both)))
    return any(x for x, _ in both) and any(y for _, y in both) and used >= SHARE_MOST * len(both)


def _by_evidence(table: Table, free: list[Column], places: Places, decimal: str) -> None:
    """Find the amount by what the cells show: a balance that follows it, signs, or a pair."""
    money = [column for column in money_columns(free) if not score(column, "balance")]
    pairs = [(x, y) for x, y in combinations(money, 2) if _exclude(x, y)]
    single = [column for column in money if column.filled_share >= SHARE_MOST]
    if _by_balance(money, pairs, single, places, decimal):
        return
    if pairs:
        nearest = min(pairs, key=lambda pair: (pair[1].index - pair[0].index, pair[0].index))
        places.debit, places.credit = nearest[0].index, nearest[1].index
        _next_is_balance(money, max(column.index for column in nearest), places)
        return
    single = single or money
    signed = [column for column in single if column.signs["-"]]
    chosen = (signed or single)[:1]
    if not chosen:
        return
    places.amount = chosen[0].index
    if not table.header and not chosen[0].signs["-"] and not chosen[0].signs["+"]:
        _pair_with_empty(table, chosen[0], places)
    _next_is_balance(money, chosen[0].index, places)


def _by_balance(
    money: list[Column],
    pairs: list[tuple[Column, Column]],
    single: list[Column],
    places: Places,
    decimal: str,
) -> bool:
    """Take the columns whose amounts a running balance follows best; say whether one does."""
    known = {column.index: column.figures(decimal) for column in money}
    tried: list[tuple[float, bool, int, int | None, int]] = []
    for balance in (column for column in money if column.filled_share >= SHARE_HALF):
        for amount in (column for column in single if column is not balance):
            verdict = steps(known[amount.index], known[balance.index])
            tried.append((verdict.share, False, amount.index, None, balance.index))
        for one, other in (pair for pair in pairs if balance not in pair):
            for order in ((one, other), (other, one)):
                net = paired(known[order[0].index], known[order[1].index], -_side(order[0]), 1)
                share = steps(net, known[balance.index]).share
                tried.append((share, True, order[0].index, order[1].index, balance.index))
    share, _, first, second, follower = max(
        tried, key=lambda one: one[:2], default=(0.0, False, 0, None, 0)
    )
    if share < SHARE_HALF:
        return False
    places.balance = follower
    if second is None:
        places.amount = first
    else:
        places.debit, places.credit = first, second
    return True


def _balance_by_evidence(table: Table, free: list[Column], places: Places, decimal: str) -> None:
    """Take the column that follows the known amounts, else the one right behind them."""
    chosen = [i for i in (places.amount, places.debit, places.credit) if i is not None]
    money = [column for column in money_columns(free) if column.index not in places.used]
    if not chosen or not money:
        return
    net = net_figures(table.columns, places, find_signs(table, replace(places), decimal), decimal)
    followed = [(steps(net, column.figures(decimal)).share, column.index) for column in money]
    share, index = max(followed)
    if share >= SHARE_HALF:
        places.balance = index
    else:
        _next_is_balance(money, max(chosen), places)


def net_figures(
    columns: list[Column], places: Places, signs: Signs, decimal: str
) -> list[int | None]:
    """Return the signed amounts of the sample, in ten thousandths."""
    if places.amount is not None:
        factor = -1 if signs.invert else 1
        return [None if a is None else factor * a for a in columns[places.amount].figures(decimal)]
    empty: list[int | None] = [None] * max((len(column.cells) for column in columns), default=0)
    debits = columns[places.debit].figures(decimal) if places.debit is not None else empty
    credits_ = columns[places.credit].figures(decimal) if places.credit is not None else empty
    return paired(debits, credits_, signs.debit_factor, signs.credit_factor)


def _side(column: Column) -> int:
    """Return -1 for a column that prints its amounts negative, else 1."""
    return -1 if column.signs["-"] > column.signs[""] + column.signs["+"] else 1


def paired(
    debits: Sequence[int | None], credits_: Sequence[int | None], debit: int, credit: int
) -> list[int | None]:
    """Return the net of two columns with their factors, None where both cells are empty."""
    return [
        None if d is None and c is None else debit * (d or 0) + credit * (c or 0)
        for d, c in zip(debits, credits_, strict=True)
    ]


def _next_is_balance(money: list[Column], index: int, places: Places) -> None:
    """Take the column of money right behind the amount for the balance, where there is one."""
    behind = [c for c in money if c.index == index + 1 and c.filled_share >= SHARE_MOST]
    if places.balance is None and behind:
        places.balance = behind[0].index


def _pair_with_empty(table: Table, amount: Column, places: Places) -> None:
    """Take an empty neighbour for the other half of a pair: debit stands before credit."""
    columns = table.columns
    behind = columns[amount.index + 1] if amount.index + 1 < len(columns) else None
    before = columns[amount.index - 1] if amount.index else None
    for empty, debit, credit in ((behind, amount, behind), (before, before, amount)):
        if empty is not None and debit is not None and credit is not None and not empty.filled:
            swapped = is_card(table) and empty is before
            one, other = (credit, debit) if swapped else (debit, credit)
            places.amount, places.debit, places.credit = None, one.index, other.index
            return


def is_card(table: Table) -> bool:
    """Say whether header or cells show a statement of a card, and not one of a shop."""
    names = {plain(name) for name in table.header}
    words = {word for name in names for word in name.split()}
    if words & set(SELLER_HEADERS):
        return False
    networks = any(
        c.filled and all(plain(x) in CARD_NETWORKS for x in c.distinct) for c in table.columns
    )
    wide = any(word in name for word in CARD_HEADERS if not word.isascii() for name in names)
    return networks or wide or bool(names & CARD_HEADERS)


def find_signs(table: Table, places: Places, decimal: str) -> Signs:
    """Decide how amounts get their sign, from the columns in ``places``."""
    signs = Signs(is_card=is_card(table))
    columns = table.columns
    if places.amount is None:
        if places.debit is not None:
            signs.debit_factor = -_side(columns[places.debit])
        if places.credit is not None:
            signs.credit_factor = _side(columns[places.credit])
        return signs
    amount = columns[places.amount]
    if _sign_by_word(table, places, amount, signs):
        return signs
    unsigned = bool(amount.signs["+"] and amount.signs[""])
    signs.unsigned_out = unsigned and not table.has_minus(amount.index)
    if not signs.unsigned_out:
        verdict = balance_steps(columns, places, decimal)
        falls = verdict.inverted >= max(VERDICT_STEPS_MIN, AGREEING_SHARE * verdict.total)
        proved = verdict.agreeing > 0
        signs.invert = not proved and (falls or _card_inverts(table, amount, signs))
    return signs


def _sign_by_word(table: Table, places: Places, amount: Column, signs: Signs) -> bool:
    """Use a column that says in or out; say whether it decides the signs."""
    told = places.direction is not None
    free = [column for column in table.columns if column.index not in places.used]
    column = table.columns[places.direction] if places.direction is not None else None
    column = column or find_direction(free)
    if column is None:
        return False
    meanings = {cell: direction_of(cell) for cell in column.distinct}
    if told or not table.has_minus(amount.index):
        places.direction = column.index
        signs.values = {cell: meaning for cell, meaning in meanings.items() if meaning}
        return True
    against = with_it = 0
    for row, cell in enumerate(column.cells):
        shape = shape_of(amount.cells[row])
        if shape and meanings.get(cell) in {IN, OUT} and amount.is_nonzero(row):
            agrees = (shape.sign == "-") == (meanings[cell] == OUT)
            with_it, against = with_it + agrees, against + (not agrees)
    signs.invert = against > 1 and against >= AGREEING_SHARE * (with_it + against)
    return signs.invert


def balance_steps(
    columns: list[Column], places: Places, decimal: str, signs: Signs | None = None
) -> Steps:
    """Count how the balance of the sample follows the amounts, as written unless ``signs`` say."""
    if places.balance is None:
        return Steps()
    net = net_figures(columns, places, signs or Signs(), decimal)
    return steps(net, columns[places.balance].figures(decimal))


def _card_inverts(table: Table, amount: Column, signs: Signs) -> bool:
    """Say whether charges are printed positive: a card whose payments alone are negative."""
    positive = amount.signs[""] + amount.signs["+"]
    negative = table.has_minus(amount.index)
    if signs.is_card and positive and not negative:
        return True
    if not positive or not negative:
        return False
    thanks: list[bool] = []
    for row, cell in enumerate(amount.cells):
        shape = shape_of(cell)
        if shape and amount.is_nonzero(row):
            said = any(PAYMENT_THANKED.search(column.cells[row]) for column in table.columns)
            if said and shape.sign != "-":
                return False
            if shape.sign == "-":
                thanks.append(said)
    return bool(thanks) and sum(thanks) >= SHARE_HALF * len(thanks)
