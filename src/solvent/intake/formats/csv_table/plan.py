"""The plan that one file is read by: everything the mapping means, resolved to indexes and rules."""

from dataclasses import dataclass

from solvent.intake.formats.csv_table.amounts import AmountFormat
from solvent.intake.formats.csv_table.dates import DateFormat
from solvent.intake.formats.csv_table.encoding import Text
from solvent.intake.formats.csv_table.roles import Places
from solvent.intake.formats.csv_table.rows import Dialect


@dataclass(frozen=True, slots=True)
class Plan:
    """How to read one file.

    ``first_line`` is the first line of data. ``currency`` applies where neither a column nor the
    cell names one. ``debit_factor`` and ``credit_factor`` turn those columns' figures into money
    from the account's point of view, as ``invert`` does for a single one. ``account`` identifies
    the one account of a file without a column for it. ``year`` is that of the first row where
    dates have none. ``names_balances`` says that some rows are balances instead of transactions.
    ``newest_first`` is the order of the rows, as the balances show it.
    """

    text: Text
    dialect: Dialect
    header: tuple[str, ...]
    first_line: int
    width: int
    places: Places
    dates: DateFormat
    year: int
    amounts: AmountFormat
    currency: str
    invert: bool
    debit_factor: int
    credit_factor: int
    direction_values: dict[str, str]
    account: str
    is_liability: bool
    names_balances: bool
    newest_first: bool
