"""The written form of a personal access token: `solvent_pat_`, a secret, a checksum.

The secret is 256 random bits as 43 letters and digits, the checksum the CRC-32 of what stands before
it as six more: so a scanner for leaked secrets knows one for sure, offline, and a mistyped one costs
the database no question. Nothing breaks the word, so a double click selects the whole of it.
"""

import re
import string
import zlib

PREFIX = "solvent_pat_"
PATTERN = "solvent_pat_[0-9A-Za-z]{49}"
"""What a scanner looks for."""
SECRET_BYTES = 32
SECRET_CHARS = 43
CHECKSUM_CHARS = 6

_DIGITS = string.digits + string.ascii_uppercase + string.ascii_lowercase
_WHOLE = re.compile(PATTERN, re.ASCII)


def written(secret: bytes) -> str:
    """Return the token of a ``secret`` of 32 random bytes."""
    if len(secret) != SECRET_BYTES:
        raise ValueError(f"a secret has {SECRET_BYTES} bytes")
    body = PREFIX + _in_base62(int.from_bytes(secret, "big"), SECRET_CHARS)
    return body + _checksum(body)


def is_meant(text: str) -> bool:
    """Tell whether ``text`` is meant as a personal access token, whole or not."""
    return text.startswith(PREFIX)


def is_whole(text: str) -> bool:
    """Tell whether ``text`` has the form of a token and its checksum fits."""
    body, checksum = text[:-CHECKSUM_CHARS], text[-CHECKSUM_CHARS:]
    return _WHOLE.fullmatch(text) is not None and _checksum(body) == checksum


def _checksum(body: str) -> str:
    return _in_base62(zlib.crc32(body.encode("ascii")), CHECKSUM_CHARS)


def _in_base62(number: int, chars: int) -> str:
    """Write ``number`` with 62 digits, led by zeros."""
    signs: list[str] = []
    for _ in range(chars):
        number, digit = divmod(number, len(_DIGITS))
        signs.append(_DIGITS[digit])
    return "".join(reversed(signs))
