"""What the bytes of a file are: text at all, in which encoding, and nothing that is too long.

The whole file is looked at once in blocks, for an accent in row 50,000 tells as much as one in the
first. Unicode proves itself; among the older encodings, which take any byte, the one wins whose
letters are those of one language.
"""

import codecs
import io
import re
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from solvent.intake.formats.csv_table.refusals import (
    EmptyFile,
    FileTooLarge,
    LineTooLong,
    NotATable,
)
from solvent.intake.formats.csv_table.words import plain, roles_of
from solvent.intake.formats.reading import FILE_BYTES_MAX

BLOCK_BYTES = 1024 * 1024
"""Bytes looked at at a time; a block without a line end holds a line that is too long."""
ACCENTED_BYTES_MAX = 16 * 1024
"""Bytes of lines with accents that are kept to tell the encoding by."""
CONTROL_SHARE_MAX = 0.02
"""Most control characters among the first bytes of a text."""
HEAD_BYTES = 64 * 1024
SOUND_PER_BROKEN_MIN = 4
"""So many whole characters for each broken one make a damaged UTF-8 file, else it is none."""
LEGIBLE_SHARE_MIN = 0.95
"""Least share of printable characters in a text of two bytes a character."""
WIDE_SHARE_MIN = 0.3
"""Share of NUL bytes that shows two bytes a character."""

_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_MAGIC = (
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a spreadsheet or an archive"),
    (b"\xd0\xcf\x11\xe0", "a spreadsheet of the old kind"),
    (b"\x1f\x8b", "a compressed file"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
    (b"SQLite format 3", "a database"),
)
_MARKUP = (
    (re.compile(rb"\s*<(?:!doctype|html|head|body|table)", re.IGNORECASE), "a web page"),
    (re.compile(rb"\s*(?:<\?xml|<[A-Za-z])"), "an XML document"),
    (re.compile(rb"\s*\{\s*(?:[\"}]|\\)"), "a JSON document"),
    (re.compile(rb"\s*\[\s*[\[{\"\]]"), "a JSON document"),
    (re.compile(rb"\s*\{\\rtf"), "a text document"),
    (re.compile(rb"\s*OFXHEADER"), "an OFX file"),
    (re.compile(rb"\s*!(?:Type|Account|Option):", re.IGNORECASE), "a QIF file"),
)
_CONTROL = re.compile(rb"[\x01-\x08\x0e-\x19\x1b-\x1f\x7f]")
_SOUND = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_ACCENTED = re.compile(rb"[\x80-\xff]")

_ALPHABETS: tuple[tuple[str, str], ...] = (
    ("cp1252", "äöüß"),
    ("cp1252", "éèêëàâçîïôûùüœæ"),
    ("cp1252", "áéíñóúü"),
    ("cp1252", "ãáâàçéêíóôõú"),
    ("cp1252", "àèéìòù"),
    ("cp1252", "éëïöüèáó"),
    ("cp1252", "æøåéö"),
    ("cp1252", "åäöé"),
    ("cp1252", "õäöüšž"),
    ("cp1250", "ąćęłńóśźż"),
    ("cp1250", "áčďéěíňóřšťúůýž"),
    ("cp1250", "áäčďéíĺľňóôŕšťúýž"),
    ("cp1250", "áéíóöőúüű"),
    ("cp1257", "ąčęėįšųūž"),
    ("cp1257", "āčēģīķļņšūž"),
    ("cp1257", "õäöüšž"),
    ("cp1254", "çğıöşüâİ"),
    ("cp1251", "абвгдеёжзийклмнопрстуфхцчшщъыьэюяєіїґ№"),
    ("cp1253", "αβγδεζηθικλμνξοπρσςτυφχψωάέήίόύώ"),
    ("cp1252", "áéíóúýþðæö"),
    ("cp852", "ąćęłńóśźż"),
    ("cp850", "äöüßéèà"),
)
"""Encodings with the letters of one language each; the first of equals wins."""
_WIDE = ("gb18030", "cp932", "big5", "euc-kr")
_COMMON_MARKS = frozenset("€§°«»“”„‘’–—…·™®©£²³´`¿¡№")  # noqa: RUF001 - as printed
_MARK_INSIDE = re.compile(r"(?<=[^\W\d_])[€§°«»“”„…™®©£²³¡¿№](?=[^\W\d_])")
_SHARE_OF_COMMON_IDEOGRAPHS = 0.6


@dataclass(frozen=True, slots=True)
class Text:
    """What a file's bytes are: the encoding, their number, and whether some are damaged."""

    encoding: str
    size: int
    damaged: bool = False


@dataclass(slots=True)
class _Survey:
    """What one look over the whole file shows."""

    size: int = 0
    head: bytes = b""
    is_utf8: bool = True


def refuse_other_formats(head: bytes) -> None:
    """Raise :class:`NotATable` where the first bytes are those of something else than a table."""
    for magic, what in _MAGIC:
        if head.startswith(magic):
            raise NotATable(what)
    bare = head.removeprefix(codecs.BOM_UTF8)[:1024]
    for pattern, what in _MARKUP:
        if pattern.match(bare):
            raise NotATable(what)


def looks_like_text(head: bytes) -> str | None:
    """Return the first bytes of a file as text for a first look, None where they are no table's."""
    try:
        refuse_other_formats(head)
    except NotATable:
        return None
    encoding = _unicode(head)
    if not head.strip() or (not encoding and _is_binary(head)):
        return None
    return head.decode(encoding or "utf-8", "replace")


def find_text(file: BinaryIO, told: str = "") -> Text:
    """Look over the whole ``file`` and tell its encoding, which ``told`` may name.

    Raise :class:`EmptyFile`, :class:`NotATable`, :class:`LineTooLong` or :class:`FileTooLarge`.
    """
    survey = _survey(file)
    if not survey.head.strip():
        raise EmptyFile
    refuse_other_formats(survey.head)
    encoding = _unicode(survey.head) or _told(told, survey)
    wide = "16" in encoding or "32" in encoding
    if not wide and _is_binary(survey.head):
        raise NotATable("data that is no text")
    if encoding:
        damaged = codecs.lookup(encoding).name == "utf-8" and not survey.is_utf8
        return Text(encoding, survey.size, damaged)
    if survey.is_utf8:
        return Text("utf-8", survey.size)
    accented = _accented_lines(file)
    if _is_damaged_utf8(accented):
        return Text("utf-8", survey.size, damaged=True)
    return Text(_older_encoding(accented), survey.size)


def _told(told: str, survey: _Survey) -> str:
    """Return the told encoding; one of several bytes a character only where the bytes show it.

    A byte order mark has been looked for before: without one, the order must be told too.
    """
    wanted = codecs.lookup(told).name if told else ""
    if not wanted.startswith(("utf-16", "utf-32")):
        return told
    ordered = wanted.endswith(("-le", "-be"))
    return told if ordered and survey.head.count(0) else ""


def _survey(file: BinaryIO) -> _Survey:
    """Read the whole file in blocks; raise where it or a line of it is too long."""
    survey = _Survey()
    decoder = codecs.getincrementaldecoder("utf-8")()
    file.seek(0)
    while block := file.read(BLOCK_BYTES):
        if not survey.size:
            survey.head = block[:HEAD_BYTES]
        survey.size += len(block)
        if survey.size > FILE_BYTES_MAX:
            raise FileTooLarge("bytes", FILE_BYTES_MAX)
        if len(block) == BLOCK_BYTES and b"\n" not in block and b"\r" not in block:
            raise LineTooLong(BLOCK_BYTES)
        survey.is_utf8 = survey.is_utf8 and _decodes(decoder, block)
    survey.is_utf8 = survey.is_utf8 and _decodes(decoder, b"", final=True)
    return survey


def _decodes(decoder: codecs.IncrementalDecoder, block: bytes, *, final: bool = False) -> bool:
    """Say whether the next block is sound."""
    try:
        decoder.decode(block, final)
    except UnicodeDecodeError:
        return False
    return True


def _accented_lines(file: BinaryIO) -> bytes:
    """Return lines with accents from the whole file, up to the limit."""
    kept = bytearray()
    file.seek(0)
    while len(kept) < ACCENTED_BYTES_MAX and (block := file.read(BLOCK_BYTES)):
        at = 0
        while len(kept) < ACCENTED_BYTES_MAX and (match := _ACCENTED.search(block, at)):
            start = max(block.rfind(b"\n", at, match.start()), at - 1) + 1
            at = block.find(b"\n", match.start())
            at = len(block) if at < 0 else at + 1
            kept += block[start:at][:ACCENTED_BYTES_MAX]
    return bytes(kept[:ACCENTED_BYTES_MAX])


def _unicode(head: bytes) -> str:
    """Return the encoding that a byte order mark or the NUL bytes show; empty for none."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    if head.startswith(codecs.BOM_UTF32_BE):
        return "utf-32"
    half = len(head) // 2 or 1
    for name, wide, narrow in (("utf-16-le", 1, 0), ("utf-16-be", 0, 1)):
        filled = head[wide::2].count(0) > WIDE_SHARE_MIN * half and not head[narrow::2].count(0)
        if filled and _is_legible(head[: half * 2].decode(name, "replace")):
            return name
    return ""


def _is_legible(text: str) -> bool:
    """Say whether nearly all characters can be printed."""
    seen = sum(c.isprintable() or c.isspace() for c in text)
    return seen >= LEGIBLE_SHARE_MIN * len(text)


def _is_binary(head: bytes) -> bool:
    """Say whether there are more control characters than a text has."""
    odd = head.count(0) + len(_CONTROL.findall(head))
    return odd > max(1, CONTROL_SHARE_MAX * len(head))


def _is_damaged_utf8(accented: bytes) -> bool:
    """Say whether most accents are whole UTF-8 characters."""
    sound = _SOUND.findall(accented)
    rest = len(_ACCENTED.findall(accented)) - sum(map(len, sound))
    return len(sound) >= SOUND_PER_BROKEN_MIN * max(rest, 1)


def _letters_score(text: str, alphabet: str) -> float:
    """Return the share of accented letters that belong to one language, others counting against.

    A mark of punctuation counts against a language only inside a word, where it is a letter of
    another encoding.
    """
    known = set(alphabet) | set(alphabet.upper())
    accented = [c for c in text if not c.isascii() and not c.isspace() and c not in _COMMON_MARKS]
    inside = len(_MARK_INSIDE.findall(text))
    if not accented and not inside:
        return 0.5
    good = sum(c in known for c in accented)
    total = len(accented) + inside
    return (3 * good - 2 * total) / total


def _header_words(text: str) -> int:
    """Return how many accented or wide cells name a column of a bank."""
    cells = {
        cell.strip(' "\t') for line in text.splitlines()[:40] for cell in re.split("[,;\t|]", line)
    }
    return sum(bool(roles_of(cell)) for cell in cells if not cell.isascii() and plain(cell))


def _ideographs_score(text: str) -> float:
    """Return how much of the wide text is the commonest part of its script."""
    wide = [c for c in text if not c.isascii()]
    usual = sum(
        "\u4e00" <= c <= "\u9fa5" or "\u3040" <= c <= "\u30ff" or "\uac00" <= c <= "\ud7a3"
        for c in wide
    )
    return usual / len(wide) if wide else 0.0


def _older_encoding(accented: bytes) -> str:
    """Return the encoding before Unicode that fits best, cp1252 where nothing tells."""
    best, score = "cp1252", 0.0
    for name, alphabet in _ALPHABETS:
        text = accented.decode(name, "replace")
        fits = _letters_score(text, alphabet) + _header_words(text)
        if fits > score:
            best, score = name, fits
    for name in _WIDE:
        try:
            text = codecs.getincrementaldecoder(name)().decode(accented)
        except UnicodeDecodeError:
            continue
        share = _ideographs_score(text)
        fits = share + _header_words(text)
        if share > _SHARE_OF_COMMON_IDEOGRAPHS and fits > score:
            best, score = name, fits
    return best


@contextmanager
def opened(file: BinaryIO, text: Text) -> Generator[io.TextIOWrapper]:
    """Open ``file`` from its start as text, line ends kept; it stays open afterwards."""
    file.seek(0)
    wrapper = io.TextIOWrapper(file, text.encoding, errors="replace", newline="")
    try:
        yield wrapper
    finally:
        wrapper.detach()
