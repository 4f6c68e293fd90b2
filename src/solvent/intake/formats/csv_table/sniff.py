"""Finding out what a file does not need to be told: from the sample to the plan.

What the mapping tells is taken as it stands; the rest is added. What only a person can know is
asked, never guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import BinaryIO

from solvent.intake.formats.csv_table.amounts import AmountFormat, shape_of
from solvent.intake.formats.csv_table.cells import said_iban
from solvent.intake.formats.csv_table.dates import DateFormat, date_format, formats_of
from solvent.intake.formats.csv_table.dayorder import (
    by_facts,
    by_rows,
    candidates,
    without_absurd_years,
)
from solvent.intake.formats.csv_table.encoding import Text, find_text, opened
from solvent.intake.formats.csv_table.mapping import Mapping
from solvent.intake.formats.csv_table.money import (
    Signs,
    balance_steps,
    find_decimal,
    find_signs,
    money_columns,
    place_amounts,
)
from solvent.intake.formats.csv_table.phrases import (
    OUT,
    PHRASE_CHARS_MAX,
    currency_of,
    is_balance_row,
)
from solvent.intake.formats.csv_table.plan import Plan
from solvent.intake.formats.csv_table.refusals import NoAmountColumn, NoDateColumn, NotATable
from solvent.intake.formats.csv_table.roles import (
    Places,
    find_account,
    find_currency,
    find_date,
    find_id,
    find_state,
    find_texts,
    score,
    told_places,
)
from solvent.intake.formats.csv_table.rows import chunks
from solvent.intake.formats.csv_table.table import Column, Table, sample
from solvent.intake.formats.csv_table.words import is_foreign
from solvent.intake.formats.reading import Choice, NeedsAnswer, Question
from solvent.kernel.currency import DIGITS, UNKNOWN_CODE

PREAMBLE_CHARS = 5_000
"""Characters above the header that are searched for a currency or a year."""
BALANCE_ROWS = 30
"""Rows at either end among which balances are looked for."""
_CODE = re.compile(r"\b([A-Z]{3})\b")
_CURRENCY_SAID = re.compile(
    r"(?:currency|w(?:ä|ae)hrung|devise|moneda|valuta|waluta|moeda|mena|měna|币种)\W{0,4}([A-Z]{3})\b",
    re.IGNORECASE,
)
_BRACKETED = re.compile(r"[(\[（]\s*([^)\]）]{1,5})\s*[)\]）]")  # noqa: RUF001 - brackets as printed
_EURO = re.compile(r"\beuro(?:s|a)?\b", re.IGNORECASE)
_KANA = re.compile("[\u3041-\u30fe円残払]")
"""Letters of Japanese alone: its amounts have no fraction, which matters to every sum."""
_YEAR = re.compile(r"\b(20[0-4]\d|19[89]\d)\b")


@dataclass(slots=True)
class Case:
    """One file while it is found out: what is told of it and what is known so far."""

    file: BinaryIO
    text: Text
    table: Table
    places: Places
    told: Mapping
    decimal: str = "."
    signs: Signs = field(default_factory=Signs)
    found: Mapping = field(default_factory=Mapping)


def find_plan(file: BinaryIO, told: Mapping) -> tuple[Plan, Mapping]:
    """Return how to read ``file``, and the whole mapping that says so.

    Raise :class:`UnreadableFile` where it cannot be read and :class:`NeedsAnswer` where a person
    must say something first.
    """
    text = find_text(file, told.encoding)
    table = sample(file, text, told)
    case = Case(file, text, table, told_places(told.columns, table), told)
    _check_is_table(case)
    if not told.complete:
        _place_date(case)
    case.decimal = told.decimal or _decimal(case)
    if not told.complete:
        _place_rest(case)
    _check_has_all(case)
    case.decimal = told.decimal or _decimal(case)
    case.signs = _signs(case)
    if not told.complete:
        find_texts(table, case.places)
    case.found = _found(case)
    form = _dates(case)
    case.found = replace(case.found, date_format=form.text, year=_year(case, form))
    return _plan(case, form), case.found


def _decimal(case: Case) -> str:
    """Return the decimal mark of the known columns of amounts, else of all that look like money."""
    columns = case.table.columns
    money = [column for column in columns if column.index in _money(case.places)]
    digits = DIGITS.get(case.told.currency or _sampled_currency(case), 2)
    return find_decimal(money or money_columns(columns), case.table.dialect.delimiter, digits)


def _money(places: Places) -> set[int]:
    """Return the indexes of the known columns of amounts."""
    return {i for i in (places.amount, places.debit, places.credit) if i is not None}


def _check_is_table(case: Case) -> None:
    """Refuse a text that has neither data nor a header."""
    table, places = case.table, case.places
    if not table.evidence and table.header_line is None and places.date is None:
        if table.width < 2:  # noqa: PLR2004 - one column is no table
            raise NotATable("a text without columns")
        raise NoDateColumn


def _place_date(case: Case) -> None:
    """Find the column of dates where it is not told."""
    table, places = case.table, case.places
    if places.date is None:
        free = [column for column in table.columns if column.index not in places.used]
        column = find_date(free)
        if column is None and not table.evidence:
            column = max(free, key=lambda c: (score(c, "date"), -c.index), default=None)
            column = column if column and score(column, "date") else None
        places.date = column.index if column else None


def _place_rest(case: Case) -> None:
    """Find every other column that is not told, but those of texts."""
    table, places = case.table, case.places
    place_amounts(table, places, case.decimal)
    has_header = bool(table.header)
    amount = next(iter(_money(places)), 0)

    def free() -> list[Column]:
        return [column for column in table.columns if column.index not in places.used]

    if places.currency is None:
        places.currency = _index(find_currency(free(), amount, has_header=has_header))
    if places.status is None:
        places.status = _index(find_state(free()))
    if places.account is None:
        places.account = _index(find_account(free(), table.header, has_header=has_header))
    if places.id is None and has_header:
        places.id = _index(find_id(free()))


def _index(column: Column | None) -> int | None:
    return column.index if column else None


def _check_has_all(case: Case) -> None:
    """Refuse a table without dates or without amounts."""
    table, places = case.table, case.places
    if places.date is None:
        raise NoDateColumn
    if not places.has_amount and not table.evidence:
        named = [c for c in table.columns if score(c, "amount") or score(c, "debit")]
        places.amount = named[0].index if named else None
    if not places.has_amount:
        raise NoAmountColumn


def _signs(case: Case) -> Signs:
    """Return how amounts get their sign, what is told first."""
    told, places = case.told, case.places
    before = places.direction
    signs = find_signs(case.table, places, case.decimal)
    if told.complete and before is None:
        places.direction, signs.values = None, {}
    signs.values |= told.direction_values
    if told.invert_sign is not None or told.complete:
        signs.invert = bool(told.invert_sign)
    if told.unsigned or told.complete:
        signs.unsigned_out = told.unsigned == OUT
    return signs


def _found(case: Case) -> Mapping:
    """Return the mapping of all that is known but the dates."""
    table, places, signs, told = case.table, case.places, case.signs, case.told
    return replace(
        told,
        encoding=case.text.encoding,
        delimiter=table.dialect.delimiter,
        quoting="none" if table.dialect.lenient else told.quoting,
        header_row=table.header_line,
        skip_rows=told.skip_rows or _skipped(table),
        decimal=case.decimal,
        currency=told.currency or _currency(table, places),
        columns=places.named(table.header),
        invert_sign=signs.invert or None,
        unsigned=OUT if signs.unsigned_out else told.unsigned,
        direction_values=signs.values if places.direction is not None else {},
    )


def _skipped(table: Table) -> int:
    """Return how many lines stand above the data of a file without a header."""
    return max(0, table.first_line - 1) if table.header_line is None else 0


def _currency(table: Table, places: Places) -> str:
    """Return the currency named beside the amount, in its header or above; unknown for none."""
    for index in sorted(_money(places)):
        if found := _in_header(table.columns[index].name):
            return found
        cells = (shape_of(cell) for cell in table.columns[index].filled)
        codes = {shape.currency for shape in cells if shape and shape.currency}
        if len(codes) == 1:
            return codes.pop()
    said = {str(m[1]).upper() for m in _CURRENCY_SAID.finditer(_above(table))} & DIGITS.keys()
    if len(said) == 1:
        return said.pop()
    return "JPY" if _KANA.search(" ".join(table.header)) else UNKNOWN_CODE


def _above(table: Table) -> str:
    """Return what stands above the header or the data."""
    return " ".join(" ".join(row.cells) for row in table.preamble)[:PREAMBLE_CHARS]


def _in_header(name: str) -> str:
    """Return the currency in a header such as “Betrag (EUR)”, empty for none."""
    bracketed = _BRACKETED.search(name)
    if bracketed and (code := currency_of(bracketed[1])):
        return code
    codes = [str(match[1]) for match in _CODE.finditer(name) if match[1] in DIGITS]
    if codes and not name.isupper():
        return codes[0]
    return "EUR" if _EURO.search(name) else ""


def _dates(case: Case) -> DateFormat:
    """Return the format of the dates; ask where day and month cannot be told apart."""
    if case.told.date_format:
        return date_format(case.told.date_format)
    cells = case.table.columns[case.places.date or 0].filled
    forms = without_absurd_years(candidates(cells), cells)
    if not forms:
        return date_format("%Y-%m-%d")
    if len(forms) == 1:
        return date_format(forms[0])
    settled = by_facts(
        forms,
        decimal_comma=case.decimal == "," and _has_commas(case),
        english=not any(map(is_foreign, case.table.header)),
        currency=_sampled_currency(case),
    )
    if settled:
        return date_format(settled)
    remaining = by_rows(forms, _all_dates(case))
    if len(remaining) == 1:
        return date_format(remaining[0])
    question = _order_question(remaining or forms, cells)
    raise NeedsAnswer((question,), case.found.to_told())


def _has_commas(case: Case) -> bool:
    """Say whether an amount is written with a decimal comma indeed."""
    columns = case.table.columns
    return any("," in cell for i in _money(case.places) for cell in columns[i].filled)


def _sampled_currency(case: Case) -> str:
    """Return the one currency of the sample, empty where there are several or none."""
    if case.places.currency is None:
        return case.told.currency or _currency(case.table, case.places)
    cells = case.table.columns[case.places.currency].distinct
    codes = {currency_of(cell) or "" for cell in cells}
    return codes.pop() if len(codes) == 1 else ""


def _all_dates(case: Case) -> Iterator[str]:
    """Yield the date cells of every row."""
    table, index = case.table, case.places.date or 0
    with opened(case.file, case.text) as source:
        for _ in range(table.first_line - 1):
            source.readline()
        for chunk in chunks(source, table.dialect, width=table.width):
            yield from (row[index].strip() for row in chunk.rows if len(row) > index)


def _order_question(forms: list[str], cells: list[str]) -> Question:
    """Return the question which of day and month stands first."""
    choices: list[Choice] = []
    for form in forms:
        example = next(cell for cell in cells if form in formats_of(cell))
        compiled = date_format(form)
        day = compiled.read(example, 2000)
        said = f"{day:%d %B %Y}" if compiled.has_year else f"{day:%d %B}"
        choices.append(Choice(f"{example} is {said}", {"date_format": form}))
    example = choices[0].label.partition(" is ")[0]
    message = f"Does “{example}” put the day or the month first? The file can be read either way."
    return Question("intake.date_order", message, tuple(choices))


def _year(case: Case, form: DateFormat) -> int:
    """Return the year for dates without one; ask where nothing in the file says it."""
    if form.has_year or not case.table.evidence or case.found.year:
        return 0 if form.has_year else case.found.year
    years = sorted({int(year) for year in _YEAR.findall(_above(case.table))})
    if len(years) == 1:
        return years[0]
    cell = case.table.columns[case.places.date or 0].filled[0]
    choices = tuple(Choice(f"{cell} is in {year}", {"year": year}) for year in years)
    message = f"The dates have no year (“{cell}”); say which year the first row is in."
    told = replace(case.found, date_format=form.text).to_told()
    raise NeedsAnswer((Question("intake.year", message, choices),), told)


def _plan(case: Case, form: DateFormat) -> Plan:
    """Put together what has been told and found."""
    table, found, signs = case.table, case.found, case.signs
    balances = balance_steps(table.columns, case.places, found.decimal, signs)
    return Plan(
        text=case.text,
        dialect=table.dialect,
        header=tuple(table.header),
        first_line=table.first_line,
        width=table.width,
        places=case.places,
        dates=form,
        year=found.year,
        amounts=AmountFormat(found.decimal, found.thousands, signs.unsigned_out),
        currency=found.currency,
        invert=signs.invert,
        debit_factor=signs.debit_factor,
        credit_factor=signs.credit_factor,
        direction_values=found.direction_values,
        account=said_iban(_above(table)),
        is_liability=_is_liability(case),
        names_balances=_names_balances(table),
        newest_first=balances.descending > balances.ascending,
    )


def _is_liability(case: Case) -> bool:
    """Say whether the account is a card's: charges printed positive, or a card's two columns."""
    owes = case.signs.invert or (case.signs.is_card and case.places.amount is None)
    return owes and case.places.balance is None


def _names_balances(table: Table) -> bool:
    """Say whether rows at the top or the end of the sample are balances or totals."""
    ends = (*table.rows[:BALANCE_ROWS], *table.rows[-BALANCE_ROWS:], *table.tail[-BALANCE_ROWS:])
    cells = {cell for row in ends for cell in row.cells if 0 < len(cell) <= PHRASE_CHARS_MAX}
    return any(is_balance_row(cell) for cell in cells if not cell[0].isdigit())
