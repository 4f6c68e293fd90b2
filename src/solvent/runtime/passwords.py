"""Passwords as bcrypt hashes: slow on purpose, in threads of their own, a bounded number at once.

bcrypt reads 72 bytes and stops at a NUL, so it is given the SHA-256 of the password in base64:
every byte of a long password counts. Source: NIST SP 800-63B, 5.1.1.2, also for the normalisation.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Callable
from typing import NewType, TypeVar, TypeVarTuple

import bcrypt
from anyio import CapacityLimiter, to_thread

from solvent.kernel.errors import Refusal

AT_ONCE_MAX = 2
WAITING_MAX = 100

PasswordHash = NewType("PasswordHash", str)

T = TypeVar("T")
Arguments = TypeVarTuple("Arguments")


class TooBusy(Refusal):
    """More passwords wait to be checked than this process takes on."""

    code = "runtime.too_busy"

    def __init__(self) -> None:
        """Say that trying again helps."""
        super().__init__("Too many people are logging in just now. Try again in a moment.")


class Passwords:
    """Makes and checks hashes at one cost; one for each process."""

    def __init__(self, cost: int) -> None:
        """Hash at ``cost`` (2 to its power rounds)."""
        self._cost = cost
        # Of no password: checking against it takes as long as against a real one.
        self._nobodys = PasswordHash(f"$2b${cost:02d}${'.' * 53}")
        self._limiter = CapacityLimiter(AT_ONCE_MAX)
        self._waiting = 0

    async def hash(self, password: str) -> PasswordHash:
        """Return the hash of ``password``, with a salt of its own."""
        return PasswordHash(await self._in_thread(_hashed, _digest(password), self._cost))

    async def match(self, password: str, known: PasswordHash | None) -> bool:
        """Tell whether ``password`` is the one that ``known`` was made of.

        Without a hash the answer is no, after the same time.
        """
        against = self._nobodys if known is None else known
        matched = await self._in_thread(_matches, _digest(password), against)
        return matched and known is not None

    def is_outdated(self, known: PasswordHash) -> bool:
        """Tell whether ``known`` was made at another cost."""
        return not known.startswith(f"$2b${self._cost:02d}$")

    async def _in_thread(self, work: Callable[[*Arguments], T], *arguments: *Arguments) -> T:
        if self._waiting >= WAITING_MAX:
            raise TooBusy
        self._waiting += 1
        try:
            return await to_thread.run_sync(work, *arguments, limiter=self._limiter)
        finally:
            self._waiting -= 1


def _digest(password: str) -> bytes:
    """Return 44 bytes that every byte of the password counts in, however it was composed."""
    normal = unicodedata.normalize("NFKC", password)
    return base64.b64encode(hashlib.sha256(normal.encode("utf-8", "surrogatepass")).digest())


def _hashed(digest: bytes, cost: int) -> str:
    return bcrypt.hashpw(digest, bcrypt.gensalt(cost)).decode("ascii")


def _matches(digest: bytes, known: str) -> bool:
    return bcrypt.checkpw(digest, known.encode("ascii"))
