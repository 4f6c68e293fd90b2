"""Why an OFX file cannot be read at all."""

from solvent.intake.formats.reading import ROWS_MAX, UnreadableFile

STATEMENTS_MAX = 1_000
"""Most statements of one file."""
UNREADABLE_MAX = 10_000
"""Most transactions rejected before the first good one."""


class OfxEmpty(UnreadableFile):
    """The file holds nothing."""

    code = "intake.ofx_empty"

    def __init__(self) -> None:
        """Say so."""
        super().__init__("The file is empty; download it again from the bank.")


class OfxUnrecognised(UnreadableFile):
    """The file holds no tag of OFX."""

    code = "intake.ofx_unrecognised"

    def __init__(self) -> None:
        """Say what was looked for."""
        super().__init__("The file is not OFX: it holds none of its tags. Was it another download?")


class OfxWithoutStatement(UnreadableFile):
    """The file is OFX, but about something else than a statement."""

    code = "intake.ofx_no_statement"

    def __init__(self) -> None:
        """Say what to download instead."""
        super().__init__(
            "The OFX file holds no statement of an account; choose a download of transactions."
        )


class OfxTruncated(UnreadableFile):
    """The file ends where more must follow."""

    code = "intake.ofx_truncated"

    def __init__(self, where: str, line: int) -> None:
        """Name what is cut (``its list of transactions``) and the last line, from 1."""
        super().__init__(
            f"The file ends in the middle of {where}, at line {line}: the download was cut off. "
            "Download it again.",
            line=line,
        )


class OfxForbiddenDeclaration(UnreadableFile):
    """The file declares a document type or entities, which OFX never does and attacks do."""

    code = "intake.ofx_doctype"

    def __init__(self) -> None:
        """Name the declarations."""
        super().__init__(
            "The file declares a document type or entities (<!DOCTYPE, <!ENTITY). OFX has none, "
            "so it is not read; export it anew from the bank."
        )


class OfxBankRefused(UnreadableFile):
    """The file is the bank's answer that it could not deliver a statement."""

    code = "intake.ofx_bank_refused"

    def __init__(self, said: str) -> None:
        """Repeat the bank's status, severity and message, already made safe to show."""
        super().__init__(
            f"The file holds no statement, only the bank's refusal: {said}. "
            "Log in at the bank and download the statement again."
        )


class OfxUnidentified(UnreadableFile):
    """A statement names neither an account nor a currency."""

    code = "intake.ofx_unidentified"

    def __init__(self, line: int) -> None:
        """Say where the statement begins, from 1."""
        super().__init__(
            f"The statement at line {line} names neither its account nor its currency, so nobody "
            "can tell where its transactions belong. Download it again.",
            line=line,
        )


class OfxRowsUnreadable(UnreadableFile):
    """Not one of very many transactions can be taken."""

    code = "intake.ofx_rows_unreadable"

    def __init__(self, reason: str) -> None:
        """Repeat why the last of them was rejected."""
        super().__init__(
            f"None of the first {UNREADABLE_MAX} transactions can be read. {reason} "
            "Export the file anew from the bank."
        )


class OfxTooManyRows(UnreadableFile):
    """The file holds more transactions than are read at once."""

    code = "intake.ofx_too_many_rows"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"The file holds more than {ROWS_MAX} transactions; download shorter periods."
        )


class OfxTooManyStatements(UnreadableFile):
    """The file holds more statements than are read at once."""

    code = "intake.ofx_too_many_statements"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"The file holds more than {STATEMENTS_MAX} statements; download fewer accounts."
        )
