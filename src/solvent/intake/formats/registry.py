"""Which reader a file is for: each is asked in turn, the certain ones first."""

import os
from typing import BinaryIO, Final

from solvent.intake.formats.csv_table.reader import CsvReader
from solvent.intake.formats.ofx.reader import OfxReader
from solvent.intake.formats.reading import FILE_BYTES_MAX, Reader, UnreadableFile

HEAD_BYTES = 65_536

READERS: Final[tuple[Reader, ...]] = (OfxReader(), CsvReader())


class EmptyFile(UnreadableFile):
    """The file has no content."""

    code = "intake.empty_file"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("The file is empty. Download it from the bank again.")


class FileTooLarge(UnreadableFile):
    """The file is larger than any that is read."""

    code = "intake.file_too_large"

    def __init__(self) -> None:
        """Say the limit and what to do."""
        super().__init__(
            f"The file is larger than {FILE_BYTES_MAX // 1024 // 1024} MiB. Export a shorter "
            "period, or split it."
        )


class NotAStatement(UnreadableFile):
    """No reader knows the file."""

    code = "intake.not_a_statement"

    def __init__(self) -> None:
        """Say what is read."""
        super().__init__(
            "This is not a bank file that can be read. Solvent reads OFX, QFX and CSV; choose one "
            "of these when you export from your bank."
        )


def reader_for(file: BinaryIO, name: str) -> Reader:
    """Return the reader for ``file``, which is left at its beginning; refuse what none can read."""
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    if size == 0:
        raise EmptyFile
    if size > FILE_BYTES_MAX:
        raise FileTooLarge
    head = file.read(HEAD_BYTES)
    file.seek(0)
    for reader in READERS:
        if reader.recognises(head, name):
            return reader
    raise NotAStatement
