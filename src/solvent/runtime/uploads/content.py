"""What a file is by its bytes, whatever its name says; what is no plain text is refused.

Only the two ends of a file are looked at, so a large one costs no more than a small one, and nothing
is unpacked: a file that would grow stays as small as it came. The signatures that matter are our own;
a library of them names the rest. A signature counts where text cannot have it by chance.
"""

import os
import re
from functools import cache
from importlib import import_module
from typing import Any, BinaryIO, Final, NamedTuple, TypeAlias

from solvent.runtime.uploads.refusals import (
    ActiveContent,
    Archive,
    Program,
    RefusedUpload,
    TwoKinds,
    UnwantedKind,
)

HEAD_BYTES: Final = 64 * 1024
TAIL_BYTES: Final = 64 * 1024 + 22
"""How far from the end of an archive its list may begin: a comment's length and the list's end."""
PDF_WITHIN_BYTES: Final = 1024
"""A PDF may begin so late; readers of PDF go looking for it."""
SIGNATURE_BYTES_MIN: Final = 4
"""Shorter signatures of the library are found in files that are something else."""


_Refusal: TypeAlias = ActiveContent | Archive | Program | TwoKinds | UnwantedKind


class _Signature(NamedTuple):
    content: bytes
    kind: str
    refusal: type[_Refusal]
    offset: int = 0


_PROGRAM, _PACKED, _PICTURE = "a program", "an archive", "a picture"
_OFFICE, _MEDIA = "an office document", "a sound or a film"
_SIGNATURES: Final = (
    _Signature(b"\x7fELF", _PROGRAM, Program),
    _Signature(b"\xca\xfe\xba\xbe", _PROGRAM, Program),
    _Signature(b"\xfe\xed\xfa", _PROGRAM, Program),
    _Signature(b"\xce\xfa\xed\xfe", _PROGRAM, Program),
    _Signature(b"\xcf\xfa\xed\xfe", _PROGRAM, Program),
    _Signature(b"\x00asm", _PROGRAM, Program),
    _Signature(b"dex\n0", _PROGRAM, Program),
    _Signature(b"L\x00\x00\x00\x01\x14\x02\x00", "a shortcut to a program", Program),
    _Signature(b"PK\x03\x04", "an archive or an office document", Archive),
    _Signature(b"PK\x05\x06", _PACKED, Archive),
    _Signature(b"PK\x07\x08", _PACKED, Archive),
    _Signature(b"\x1f\x8b", "a compressed file", Archive),
    _Signature(b"\x1f\x9d", "a compressed file", Archive),
    _Signature(b"BZh", "a compressed file", Archive),
    _Signature(b"\xfd7zXZ\x00", "a compressed file", Archive),
    _Signature(b"\x28\xb5\x2f\xfd", "a compressed file", Archive),
    _Signature(b"\x04\x22\x4d\x18", "a compressed file", Archive),
    _Signature(b"7z\xbc\xaf\x27\x1c", _PACKED, Archive),
    _Signature(b"Rar!\x1a\x07", _PACKED, Archive),
    _Signature(b"MSCF\x00", _PACKED, Archive),
    _Signature(b"!<arch>\n", _PACKED, Archive),
    _Signature(b"ustar", _PACKED, Archive, 257),
    _Signature(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _OFFICE, UnwantedKind),
    _Signature(b"{\\rtf", _OFFICE, UnwantedKind),
    _Signature(b"%PDF-", "a PDF document", UnwantedKind),
    _Signature(b"%!PS", "a PostScript document", UnwantedKind),
    _Signature(b"\x89PNG\r\n\x1a\n", _PICTURE, UnwantedKind),
    _Signature(b"\xff\xd8\xff", _PICTURE, UnwantedKind),
    _Signature(b"GIF87a", _PICTURE, UnwantedKind),
    _Signature(b"GIF89a", _PICTURE, UnwantedKind),
    _Signature(b"II*\x00", _PICTURE, UnwantedKind),
    _Signature(b"MM\x00*", _PICTURE, UnwantedKind),
    _Signature(b"\x00\x00\x01\x00", _PICTURE, UnwantedKind),
    _Signature(b"ftyp", "a picture or a film", UnwantedKind, 4),
    _Signature(b"\x1aE\xdf\xa3", _MEDIA, UnwantedKind),
    _Signature(b"OggS\x00", _MEDIA, UnwantedKind),
    _Signature(b"ID3", _MEDIA, UnwantedKind),
    _Signature(b"SQLite format 3\x00", "a database", UnwantedKind),
)
_BOUND: Final = {b"BZh": rb"BZh[1-9]1AY", b"ID3": rb"ID3[\x02-\x04]\x00", b"ftyp": rb"\x00.{3}ftyp"}
"""Signatures that text could begin with, and what must stand there all the same."""

_NUL_WITHIN: Final = 64
_RUN_BY_NAME: Final = re.compile(rb"#!\s*/\w|<\?php|@echo off\b", re.IGNORECASE)
_ROOT: Final = re.compile(
    rb"(?>\s*(?><\?.*?>|<!--.*?-->|<!doctype(?![^>]*\[)[^>]*>))*+\s*<(?:\w{1,32}:)?(\w{1,32})",
    re.IGNORECASE | re.DOTALL,
)
_PAGES: Final = frozenset(
    b"html head body script style svg iframe object embed img math form table".split()
)
_PAGE_TYPE: Final = re.compile(rb"\s*(?:<\?xml[^>]*>\s*)?<!doctype\s+(?:html|svg)", re.IGNORECASE)
_PDF: Final = re.compile(rb"%PDF-\d")


def require_plain(file: BinaryIO, *, remedy: str) -> None:
    """Refuse ``file`` unless it may be plain text; it is left at its beginning.

    ``remedy`` is a sentence that says what to send instead.
    """
    size = file.seek(0, os.SEEK_END)
    file.seek(0)
    head = file.read(HEAD_BYTES)
    file.seek(max(0, size - TAIL_BYTES))
    tail = file.read(TAIL_BYTES)
    file.seek(0)
    refusal = _judged(head, tail, remedy)
    if refusal is not None:
        raise refusal


def _judged(head: bytes, tail: bytes, remedy: str) -> RefusedUpload | None:
    """Return what is wrong with a file of such ends, if anything is."""
    refusal, kind = _found(head, tail)
    return refusal(kind, remedy) if refusal is not None else None


def _found(head: bytes, tail: bytes) -> tuple[type[_Refusal] | None, str]:
    for signature in _SIGNATURES:
        if _has(head, signature):
            return signature.refusal, signature.kind
    is_program = head.startswith(b"MZ") and b"\0" in head[:_NUL_WITHIN]
    found: tuple[type[_Refusal] | None, str] = None, ""
    if is_program or _RUN_BY_NAME.match(head):
        found = Program, _PROGRAM
    elif head.startswith(b"RIFF") and head[8:12].strip().isalnum():
        found = UnwantedKind, _PICTURE if head[8:12] == b"WEBP" else _MEDIA
    elif _is_page(head):
        found = ActiveContent, "a page of the web or a drawing"
    elif b"PK\x05\x06" in tail:
        found = TwoKinds, _PACKED
    elif _PDF.search(head[:PDF_WITHIN_BYTES]):
        found = TwoKinds, "a PDF document"
    elif other := _other(head):
        found = UnwantedKind, f"of the kind {other}"
    return found


def _has(head: bytes, signature: _Signature) -> bool:
    if not head.startswith(signature.content, signature.offset):
        return False
    bound = _BOUND.get(signature.content)
    return bound is None or re.match(bound, head, re.DOTALL) is not None


def _is_page(head: bytes) -> bool:
    """Tell whether the first element is one that browsers show, or run."""
    plain = head.replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe")
    if _PAGE_TYPE.match(plain):
        return True
    root = _ROOT.match(plain)
    return root is not None and root[1].lower() in _PAGES


def _other(head: bytes) -> str:
    """Return how the library calls the file, where it knows it by bytes that no text has."""
    try:
        named = _library().magic_string(head)
    except (LookupError, ValueError):  # it knows nothing, or there is nothing
        return ""
    for found in named:
        shown = bytes(found.byte_match)
        begins = found.offset >= 0 and len(shown) >= SIGNATURE_BYTES_MIN
        if begins and any(byte < ord("\t") or byte in {0x1A, 0x1B} for byte in shown.strip(b"\0")):
            return str(found.extension or found.name).strip(". ")[:40]
    return ""


@cache
def _library() -> Any:
    """Load the library with the first file: it reads a long list, which a start need not wait for."""
    return import_module("puremagic")
