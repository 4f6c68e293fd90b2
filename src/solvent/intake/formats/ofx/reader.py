"""The reader of OFX and QFX files."""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePath
from typing import BinaryIO

from solvent.intake.formats.ofx.encoding import chosen_codec, text_chunks
from solvent.intake.formats.ofx.markup import resolved, units
from solvent.intake.formats.ofx.refusals import OfxEmpty, OfxTooManyRows
from solvent.intake.formats.ofx.statements import Statements
from solvent.intake.formats.reading import BATCH_ROWS, ROWS_MAX, Reading, SourceRow

_ROOT = re.compile(
    rb"OFXHEADER\s*[:=]|DATA\s*:\s*OFXSGML|<\?OFX\s|<(?:\w{1,32}:)?OFX[\s>/]"
    rb"|<(?:SIGNON|BANK|CREDITCARD|INVSTMT)MSGSRSV[0-9]>",
    re.IGNORECASE,
)
_FRAGMENT = re.compile(rb"<(?:STMTTRN|(?:CC|INV)?STMT(?:TRN)?RS|BANKTRANLIST)>", re.IGNORECASE)
_SUFFIXES = frozenset({".ofx", ".qfx", ".qbo"})


class OfxReader:
    """Reads OFX 1.x and 2.x: statements of banks, cards, and the cash of investments."""

    format = "ofx"

    def recognises(self, head: bytes, name: str) -> bool:
        """Say whether ``head`` holds OFX's header or root, or any of its parts if so named."""
        plain = head.replace(b"\0", b"")  # two bytes a character look like one, then
        if _ROOT.search(plain):
            return True
        return PurePath(name).suffix.lower() in _SUFFIXES and bool(_FRAGMENT.search(plain))

    def read(
        self,
        file: BinaryIO,
        reading: Reading,
        told: dict[str, object] | None = None,  # noqa: ARG002 - OFX says all that is needed itself
    ) -> Iterator[list[SourceRow]]:
        """Yield the rows in batches and fill ``reading``; nothing in ``told`` is needed."""
        reading.format = self.format
        file.seek(0)
        if not file.read(1):
            raise OfxEmpty
        statements = Statements(reading)
        batch: list[SourceRow] = []
        batches = 0
        texts = _watched(text_chunks(file, chosen_codec(file)), reading)
        for tag, body, line in units(resolved(texts)):
            if tag == "/STMTTRN":
                continue
            if tag == "STMTTRN":
                row = statements.transaction(body, line)
            elif tag:
                row = statements.mark(tag, body, line)
            else:
                statements.finish(body, line)
                break
            if row is not None:
                batch.append(row)
                if len(batch) == BATCH_ROWS:
                    batches += 1
                    if batches * BATCH_ROWS > ROWS_MAX:
                        raise OfxTooManyRows
                    yield batch
                    batch = []
        if batch:
            yield batch


def _watched(texts: Iterable[str], reading: Reading) -> Iterator[str]:
    """Pass texts on, and warn where characters could not be read."""
    for text in texts:
        if "\ufffd" in text:
            reading.warn(
                "intake.ofx_characters_lost",
                "Some characters of the file could not be read; they appear as “\ufffd”.",
            )
        yield text
