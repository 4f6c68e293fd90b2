"""Sealing: a value encrypted where it stands, so that it is worth nothing in another place.

AES-256-GCM under the key that the ring of field keys derives for one purpose. The place (the table, the
column and the row's key) is authenticated along with it: a sealed value that is moved to another row
does not open. What is sealed begins with the id of its key, so that older keys open what they sealed.
Source: NIST SP 800-38D; nonces are random, 96 bits.
"""

import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from solvent.runtime.keys import KeyRing

NONCE_BYTES = 12


class SealBrokenError(RuntimeError):
    """What is stored is not what was sealed for this place."""


class Seal:
    """Seals and opens values of one purpose; shows its purpose and never a key."""

    def __init__(self, keys: KeyRing, purpose: str) -> None:
        """Derive the keys of ``purpose`` from ``keys``."""
        self._keys = keys
        self._purpose = purpose

    def seal(self, plain: bytes, *, place: str) -> bytes:
        """Return ``plain`` encrypted for ``place``, under the newest key."""
        kid = self._keys.current_kid.encode("ascii")
        nonce = secrets.token_bytes(NONCE_BYTES)
        cipher = AESGCM(self._keys.derive(self._purpose))
        head = bytes((len(kid),)) + kid
        return head + nonce + cipher.encrypt(nonce, plain, head + place.encode("utf-8"))

    def open(self, sealed: bytes, *, place: str) -> bytes:
        """Return what was sealed for ``place``.

        Raise :class:`SealBrokenError` for anything else, and :class:`~solvent.runtime.keys.UnknownKey`
        where its key was dropped.
        """
        head, rest = sealed[: 1 + sealed[0]], sealed[1 + sealed[0] :]
        cipher = AESGCM(self._keys.derive(self._purpose, head[1:].decode("ascii", "replace")))
        nonce, encrypted = rest[:NONCE_BYTES], rest[NONCE_BYTES:]
        try:
            return cipher.decrypt(nonce, encrypted, head + place.encode("utf-8"))
        except (InvalidTag, ValueError) as broken:
            raise SealBrokenError(
                f"what is kept at {place.partition('/')[0]} does not open"
            ) from broken

    def __repr__(self) -> str:
        return f"Seal({self._purpose})"
