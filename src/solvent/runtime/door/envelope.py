"""What stands on the envelope of a request: the headers that the door asks for, read in one pass."""

from collections.abc import Iterable, Sequence
from typing import Final

HEADERS_MAX: Final = 100
HEADER_BYTES_MAX: Final = 16 * 1024
"""All names and values together."""
QUERY_BYTES_MAX: Final = 8 * 1024
PATH_CHARS_MAX: Final = 2 * 1024

ASKED_ONCE: Final = frozenset({b"host", b"content-length", b"authorization", b"origin"})
"""Headers of which a second is a trick: two readers could each take another."""


class Envelope:
    """The headers of one request by name; of one that came twice, the first."""

    __slots__ = ("_first", "count", "doubled", "size")

    def __init__(self, headers: Iterable[tuple[bytes, bytes]]) -> None:
        """Read ``headers`` as ASGI has them: names in lower case."""
        first: dict[bytes, bytes] = {}
        count = size = 0
        doubled = False
        for name, value in headers:
            count += 1
            size += len(name) + len(value)
            if name not in first:
                first[name] = value
            elif name in ASKED_ONCE:
                doubled = True
        self._first = first
        self.count = count
        self.size = size
        self.doubled = doubled

    def get(self, name: bytes) -> str:
        """Return the header called ``name``, or an empty text."""
        found = self._first.get(name)
        return "" if found is None else found.decode("latin-1")

    def set(self, name: bytes, value: str) -> None:
        """Let ``value`` stand for the header called ``name``."""
        self._first[name] = value.encode("latin-1")


def replaced(
    headers: Sequence[tuple[bytes, bytes]], name: bytes, value: bytes
) -> list[tuple[bytes, bytes]]:
    """Return ``headers`` with the one called ``name`` saying ``value``."""
    return [(name, value), *(pair for pair in headers if pair[0] != name)]
