"""The keys of an installation: a ring, newest first, from which each purpose derives its own.

A key is at least 32 random bytes under a short id (``kid``). The newest key signs and encrypts; the
older ones only verify and decrypt, until they are dropped. No key is ever used itself: HKDF makes
one for each purpose, so that what leaks of one purpose tells nothing about another.
"""

import base64
import binascii
import contextlib
import os
import re
import secrets
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Self

from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from solvent.kernel.errors import Refusal
from solvent.runtime.newfile import write_new

KEY_BYTES_MIN = 32
KEY_BYTES_MAX = 1_024
KEY_BYTES_MADE = 64
DERIVED_BYTES = 32
KEYS_PER_RING_MAX = 16
DISTINCT_BYTES_MIN = 12
"""Fewest different bytes in a key; 32 random ones have about 30."""
TELLING_WORDS = (
    "changeme",
    "change-me",
    "default",
    "development",
    "example",
    "insecure",
    "password",
    "placeholder",
    "secret",
    "solvent",
    "123456",
)
"""Words that a random key does not hold, and one that somebody typed often does."""
REMEDY = "Make one with `solvent secrets generate`."

_KID = re.compile(r"[A-Za-z0-9_-]{1,32}")
_DATED = re.compile(r"(20\d\d)(\d\d)(\d\d)-")
_BASE64URL = re.compile(r"[A-Za-z0-9_-]+={0,2}")


class BadKeys(Refusal):
    """A key ring that cannot be used; the sentence names the entry and never its text."""

    code = "runtime.bad_keys"


class UnknownKey(Refusal):
    """A key id that is not on the ring: its key was dropped, or never was."""

    code = "runtime.unknown_key"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This was made with a key that is no longer in use. Please start again.")


class KeyRing:
    """Keys by id, newest first; shows its ids and never its keys."""

    def __init__(self, keys: dict[str, bytes], *, file: Path | None = None) -> None:
        """Hold ``keys``, newest first; :meth:`parse` is the way from text.

        ``file`` is where they were read, if in a file of their own.
        """
        if not keys:
            raise BadKeys(f"There is no key at all. {REMEDY}")
        self.file = file
        self.version = 0
        self._keys = dict(keys)
        self._derived: dict[tuple[str, str], bytes] = {}

    @classmethod
    def parse(cls, text: str, *, file: Path | None = None) -> Self:
        """Read ``kid:base64url[,kid:…]``; refuse with everything that is wrong with it."""
        entries = [entry.strip() for entry in text.strip().split(",")]
        if len(entries) > KEYS_PER_RING_MAX:
            raise BadKeys(f"There are more than {KEYS_PER_RING_MAX} keys. Drop the oldest.")
        keys: dict[str, bytes] = {}
        wrong: list[str] = []
        for number, entry in enumerate(entries, start=1):
            kid, colon, encoded = entry.partition(":")
            fault = _fault_of_entry(kid, colon, encoded) or (
                "repeats the id of another; give each key an id of its own" if kid in keys else ""
            )
            if fault:
                wrong.append(f"Key {number} {fault}.")
            else:
                keys[kid] = _decoded(encoded)
        if len(set(keys.values())) < len(keys):
            wrong.append("Two ids hold the same key.")
        if wrong:
            raise BadKeys(" ".join((*wrong, REMEDY)))
        return cls(keys, file=file)

    def adopt(self, newer: "KeyRing") -> None:
        """Hold the keys of ``newer`` from now on; whoever keeps what they derived sees the version."""
        self._keys, self._derived = dict(newer._keys), {}  # noqa: SLF001 - own class
        self.version += 1

    @property
    def current_kid(self) -> str:
        """The id of the key that signs and encrypts."""
        return next(iter(self._keys))

    @property
    def kids(self) -> tuple[str, ...]:
        """All ids, newest first."""
        return tuple(self._keys)

    def derive(self, purpose: str, kid: str | None = None) -> bytes:
        """Return the 32 bytes of ``purpose`` under ``kid``, the current key unless told.

        Refuses with :class:`UnknownKey` where the ring has no such key.
        """
        asked = self.current_kid if kid is None else kid
        found = self._derived.get((asked, purpose))
        if found is None:
            if not purpose:
                raise ValueError("a key is derived for a purpose")
            if asked not in self._keys:
                raise UnknownKey
            info = b"solvent/" + purpose.encode("utf-8")
            kdf = HKDF(algorithm=SHA256(), length=DERIVED_BYTES, salt=None, info=info)
            found = self._derived[asked, purpose] = kdf.derive(self._keys[asked])
        return found

    def bits(self, kid: str) -> int:
        """Return how many bits the key under ``kid`` holds."""
        return len(self._keys[kid]) * 8

    def shares_a_key_with(self, other: "KeyRing") -> bool:
        """Tell whether a key stands on both rings."""
        mine, theirs = (set(ring._keys.values()) for ring in (self, other))  # noqa: SLF001 - own class
        return not mine.isdisjoint(theirs)

    def __repr__(self) -> str:
        return f"KeyRing({', '.join(self._keys)})"


def generate_key() -> str:
    """Return a new key as ``kid:base64url``: 64 random bytes, the day it was made in its id."""
    made = base64.urlsafe_b64encode(secrets.token_bytes(KEY_BYTES_MADE)).rstrip(b"=")
    return f"{datetime.now(UTC):%Y%m%d}-{secrets.token_hex(3)}:{made.decode('ascii')}"


def made_on(kid: str) -> date | None:
    """Return the day that stands in a key's id, None where it tells none."""
    dated = _DATED.match(kid)
    try:
        return date(*map(int, dated.groups())) if dated else None
    except ValueError:
        return None


def load_or_make(data_dir: Path, name: str) -> str:
    """Return the key ring kept in ``data_dir/keys/name``, making it (mode 0600) the first time.

    Where two processes come at once, one makes it and both read that one. Raises OSError where the
    directory cannot be used.
    """
    kept = data_dir / "keys" / name
    with contextlib.suppress(FileNotFoundError):
        return kept.read_text(encoding="ascii").strip()
    data_dir.mkdir(parents=True, exist_ok=True)
    kept.parent.mkdir(mode=0o700, exist_ok=True)
    draft = kept.with_name(f".{name}.{secrets.token_hex(8)}")
    try:
        write_new(draft, generate_key() + "\n")
        # A link appears whole or not at all, and never replaces what another process linked first.
        with contextlib.suppress(FileExistsError):
            os.link(draft, kept)
    finally:
        draft.unlink(missing_ok=True)
    _flush_directory(kept.parent)
    return kept.read_text(encoding="ascii").strip()


def _fault_of_entry(kid: str, colon: str, encoded: str) -> str:
    """Say what is wrong with one entry of a ring, as the end of a sentence; empty when nothing."""
    if not colon:
        return "has no id; write it as kid:base64url"
    if not _KID.fullmatch(kid):
        return "has an id that is not 1 to 32 letters, digits, '-' or '_'"
    if not _BASE64URL.fullmatch(encoded):
        return "is not base64url"
    try:
        key = _decoded(encoded)
    except binascii.Error:
        return "is not whole base64url; it may have been cut"
    return _fault_of_key(key, encoded)


def _fault_of_key(key: bytes, encoded: str) -> str:
    """Say why a key is too weak, as the end of a sentence; empty when it is not."""
    if not KEY_BYTES_MIN <= len(key) <= KEY_BYTES_MAX:
        return f"holds {len(key)} bytes; {KEY_BYTES_MIN} to {KEY_BYTES_MAX} are needed"
    if _is_guessable(key) or _holds_words(encoded.encode("ascii")):
        return "is not random; somebody could guess it"
    return ""


def _decoded(encoded: str) -> bytes:
    bare = encoded.rstrip("=")
    return base64.urlsafe_b64decode(bare + "=" * (-len(bare) % 4))


def _is_guessable(key: bytes) -> bool:
    """Tell a key that was typed, counted or repeated from one that chance made."""
    steps = {(after - before) % 256 for before, after in pairwise(key)}
    repeated = key in (key + key)[1:-1]
    return len(set(key)) < DISTINCT_BYTES_MIN or len(steps) == 1 or repeated or _holds_words(key)


def _holds_words(text: bytes) -> bool:
    lowered = text.lower()
    return any(word.encode("ascii") in lowered for word in TELLING_WORDS)


def _flush_directory(path: Path) -> None:
    """See a new name in a directory on the disk."""
    opened = os.open(path, os.O_RDONLY)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
