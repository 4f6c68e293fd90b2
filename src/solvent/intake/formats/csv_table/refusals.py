"""What can be wrong with a CSV file as a whole, and with one row or cell of it."""

from solvent.intake.formats.reading import UnreadableFile
from solvent.kernel.errors import BadValue, Refusal

QUOTED_CHARS_MAX = 24
"""Most characters of a cell that a reason quotes."""


def quoted(text: str) -> str:
    """Return the beginning of ``text`` in quotation marks, without control characters."""
    shown = "".join(c if c.isprintable() else "�" for c in text[: QUOTED_CHARS_MAX + 1])
    cut = f"{shown[:QUOTED_CHARS_MAX]}…" if len(shown) > QUOTED_CHARS_MAX else shown
    return f"“{cut}”"


class EmptyFile(UnreadableFile):
    """There is nothing in the file."""

    code = "intake.csv_empty"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The file is empty; export it from the bank again.")


class NotATable(UnreadableFile):
    """The file is something else than rows of cells."""

    code = "intake.csv_not_a_table"

    def __init__(self, what: str) -> None:
        """Say ``what`` the file looks like, as a noun."""
        super().__init__(f"This looks like {what}; export the statement as CSV, a table of text.")


class FileTooLarge(UnreadableFile):
    """More bytes, rows or columns than a file may have."""

    code = "intake.csv_too_large"

    def __init__(self, what: str, limit: int) -> None:
        """Name ``what`` there is too much of, and the limit."""
        super().__init__(f"The file has more than {limit} {what}; split it into smaller exports.")


class LineTooLong(UnreadableFile):
    """A line without an end in sight."""

    code = "intake.csv_line_too_long"

    def __init__(self, limit: int) -> None:
        """Name the limit."""
        super().__init__(f"A line is longer than {limit} bytes; this is no statement of a bank.")


class NoDateColumn(UnreadableFile):
    """No column holds dates."""

    code = "intake.csv_no_date_column"

    def __init__(self) -> None:
        """Say what to tell."""
        super().__init__("No column holds dates; say in the mapping which column is the date.")


class NoAmountColumn(UnreadableFile):
    """No column holds amounts."""

    code = "intake.csv_no_amount_column"

    def __init__(self) -> None:
        """Say what to tell."""
        super().__init__("No column holds amounts; say in the mapping which column is the amount.")


class MappingDoesNotFit(UnreadableFile):
    """The mapping names a column that the file does not have."""

    code = "intake.csv_mapping_does_not_fit"

    def __init__(self, role: str, column: str) -> None:
        """Name the ``role`` and the ``column`` it was given."""
        super().__init__(
            f"The file has no column {quoted(column)}, which the mapping names as {role}; "
            "choose another column or another profile."
        )


class BadMapping(BadValue):
    """An entry of a mapping that cannot be."""

    code = "intake.bad_mapping"

    def __init__(self, field: str, wanted: str) -> None:
        """Name the ``field`` of the mapping and what it must be."""
        super().__init__(f"The mapping's “{field}” must be {wanted}.", field=field)


class CellRefused(Refusal):
    """A row that cannot be taken because of one of its cells; subclasses say why."""

    code = "intake.bad_row"


class BadDate(CellRefused):
    """The date does not exist, or is written in another way than the others."""

    code = "intake.bad_date"

    def __init__(self, text: str) -> None:
        """Quote the cell."""
        super().__init__(f"{quoted(text)} is not a date as this file writes dates.")


class NoDate(CellRefused):
    """The row has an amount, but no date."""

    code = "intake.no_date"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The row has no date.")


class BadAmount(CellRefused):
    """The amount is no number, or finer than its currency."""

    code = "intake.bad_amount"

    def __init__(self, text: str) -> None:
        """Quote the cell."""
        super().__init__(f"{quoted(text)} is not an amount.")


class NoAmount(CellRefused):
    """The row has a date, but no amount."""

    code = "intake.no_amount"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The row has no amount.")


class AmountTooLarge(CellRefused):
    """The amount is beyond what one posting can hold."""

    code = "intake.amount_out_of_range"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The amount is larger than any that can be kept.")


class BadCurrency(CellRefused):
    """The currency is none of ISO 4217."""

    code = "intake.bad_currency"

    def __init__(self, text: str) -> None:
        """Quote the cell."""
        super().__init__(f"{quoted(text)} is not a currency.")


class UnknownDirection(CellRefused):
    """The column that says in or out says something else."""

    code = "intake.unknown_direction"

    def __init__(self, text: str) -> None:
        """Quote the cell."""
        super().__init__(
            f"{quoted(text)} does not say whether the money went in or out; "
            "add it to the mapping's direction_values."
        )


class NotCarriedOut(CellRefused):
    """The bank says that nothing happened: declined, failed, reverted."""

    code = "intake.not_carried_out"

    def __init__(self, text: str) -> None:
        """Quote the state."""
        super().__init__(f"The bank calls it {quoted(text)}: no money has moved.")


class FieldTooLong(CellRefused):
    """The row is beyond what the table's rows look like."""

    code = "intake.field_too_long"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("A cell of the row is too long, or its quotation mark never closes.")
