r"""Bytes to text: which character set a file is really in, and its text in chunks.

What an OFX header declares is wrong so often that the bytes are asked first: a byte order mark,
then UTF-8 if the whole file is valid UTF-8, then what is declared if that fits, then Windows-1252,
which is what most banks mean. Line ends come out as ``\n`` and NUL characters not at all.
"""

import codecs
import io
import re
from collections.abc import Iterator
from typing import BinaryIO

CHUNK_BYTES = 1024 * 1024
"""Bytes read at a time."""
HEADER_BYTES_MAX = 4096
"""How far into the file a header may declare its character set."""

_FALLBACK = "cp1252"
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(
    # The whole header may stand on one line without blanks, so a value also ends at the next key.
    r"(?:ENCODING|CHARSET)\s*:\s*([\w.-]{1,24}?)\s*(?=CHARSET|COMPRESSION|OLDFILEUID|[\r\n<]|$)"
    r"""|<\?xml\b[^>]{0,200}?\bencoding\s*=\s*["']([\w.:-]{1,24})["']""",
    re.IGNORECASE | re.ASCII,
)
_CODEC_NAMES = (
    "cp1250 cp1251 cp1252 cp1253 cp1254 cp1255 cp1256 cp1257 cp1258 "
    "iso8859-2 iso8859-3 iso8859-4 iso8859-5 iso8859-6 iso8859-7 iso8859-8 iso8859-9 iso8859-10 "
    "iso8859-11 iso8859-13 iso8859-14 iso8859-15 iso8859-16 koi8-r koi8-u tis-620 "
    "cp437 cp737 cp775 cp850 cp852 cp855 cp857 cp858 cp860 cp861 cp862 cp863 cp864 cp865 cp866 "
    "cp869 cp874 cp932 cp949 cp950 shift_jis euc_jp euc_kr gbk gb2312 gb18030 big5 big5hkscs johab "
    "mac-roman mac-latin2 mac-cyrillic"
)
_CODECS = frozenset(_CODEC_NAMES.split())
"""Python's names of the character sets that a header may declare; Unicode is found by itself."""


def byte_chunks(file: BinaryIO) -> Iterator[bytes]:
    """Yield the file from its beginning, ``CHUNK_BYTES`` at a time."""
    file.seek(0)
    while chunk := file.read(CHUNK_BYTES):
        yield chunk


def chosen_codec(file: BinaryIO) -> str:
    """Return the name of the codec that fits the bytes of the whole file."""
    file.seek(0)
    head = file.read(HEADER_BYTES_MAX)
    for mark, codec in _MARKS:
        if head.startswith(mark):
            return codec
    if b"<\0O\0F\0X\0" in head:
        return "utf-16-le"
    if b"\0<\0O\0F\0X" in head:
        return "utf-16-be"
    if _fits(file, "utf-8"):
        return "utf-8"
    for declared in _declared_codecs(head):
        if declared == _FALLBACK or _fits(file, declared):
            return declared
    return _FALLBACK


def text_chunks(file: BinaryIO, codec: str) -> Iterator[str]:
    """Yield the text of ``file``; a byte that means nothing in ``codec`` becomes U+FFFD."""
    decoder = io.IncrementalNewlineDecoder(
        codecs.getincrementaldecoder(codec)("replace"), translate=True
    )
    for chunk in byte_chunks(file):
        yield decoder.decode(chunk).replace("\0", "")
    yield decoder.decode(b"", final=True).replace("\0", "")


def _fits(file: BinaryIO, codec: str) -> bool:
    """Say whether every byte has a meaning; a character cut off at the very end is forgiven."""
    decoder = codecs.getincrementaldecoder(codec)("strict")
    try:
        for chunk in byte_chunks(file):
            decoder.decode(chunk)
    except UnicodeDecodeError:
        return False
    return True


def _declared_codecs(head: bytes) -> list[str]:
    """Return the codecs that the header names and that are plausible, in its order."""
    text = head.decode("latin-1")
    known = (_known_codec(name) for found in _DECLARED.findall(text) for name in found if name)
    return [codec for codec in known if codec]


def _known_codec(name: str) -> str:
    """Return Python's name for a declared character set, or nothing for one that is not known."""
    lower = name.lower().replace("windows-", "cp")
    if lower.isdigit():
        lower = f"cp{lower}"
    if lower.startswith("8859-"):
        lower = f"iso-{lower}"
    try:
        codec = codecs.lookup(lower).name
    except LookupError:
        return ""
    if codec == "iso8859-1":  # what says Latin-1 means its superset, as on the web
        return _FALLBACK
    return codec if codec in _CODECS else ""
