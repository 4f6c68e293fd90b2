"""Passwords as hashes: slow on purpose, in threads of their own, a bounded number at once.

bcrypt is what is made unless Argon2id is chosen; both are read, so that either can be left for the other
without anybody noticing. bcrypt reads 72 bytes and stops at a NUL, so it is given the SHA-256 of the
password in base64: every byte of a long password counts. Sources: NIST SP 800-63B, 5.1.1.2, also for the
normalisation; RFC 9106 for the parameters of Argon2id.
"""

import base64
import hashlib
import unicodedata
from collections.abc import Callable
from typing import NewType, TypeVar, TypeVarTuple

import argon2
import bcrypt
from anyio import CapacityLimiter, to_thread

from solvent.kernel.errors import Refusal
from solvent.runtime.breaches import Breaches
from solvent.runtime.passwordscheme import PasswordScheme

AT_ONCE_MAX = 2
WAITING_MAX = 100

ARGON2_TIME_COST, ARGON2_MEMORY_KIB, ARGON2_LANES = 3, 65_536, 4
"""The second of the two choices of RFC 9106, section 4."""
ARGON2_PREFIX = "$argon2id$"

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
    """Makes and checks hashes by one scheme; one for each process."""

    def __init__(
        self,
        cost: int,
        scheme: PasswordScheme = PasswordScheme.BCRYPT,
        breaches: Breaches | None = None,
    ) -> None:
        """Hash by ``scheme``, where that is bcrypt at ``cost`` (2 to its power rounds)."""
        self._current = f"$2b${cost:02d}$" if scheme is PasswordScheme.BCRYPT else _ARGON2_HEAD
        self._cost = cost
        self._scheme = scheme
        self._breaches = breaches
        # Of no password: checking against it takes as long as against a real one.
        filling = "." * 53 if scheme is PasswordScheme.BCRYPT else f"{'A' * 22}${'A' * 43}"
        self._nobodys = PasswordHash(self._current + filling)
        self._limiter = CapacityLimiter(AT_ONCE_MAX)
        self._waiting = 0

    async def hash(self, password: str) -> PasswordHash:
        """Return the hash of ``password``, with a salt of its own."""
        cost = self._cost if self._scheme is PasswordScheme.BCRYPT else None
        return PasswordHash(await self._in_thread(_hashed, _digest(password), cost))

    async def match(self, password: str, known: PasswordHash | None) -> bool:
        """Tell whether ``password`` is the one that ``known`` was made of.

        Without a hash the answer is no, after the same time.
        """
        against = self._nobodys if known is None else known
        matched = await self._in_thread(_matches, _digest(password), against)
        return matched and known is not None

    def is_outdated(self, known: PasswordHash) -> bool:
        """Tell whether ``known`` was made by another scheme or at another cost."""
        return not known.startswith(self._current)

    async def is_breached(self, password: str) -> bool:
        """Tell whether ``password`` is known from a breach; no where nobody is asked."""
        return self._breaches is not None and await self._breaches.know(password)

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


_ARGON2 = argon2.PasswordHasher(ARGON2_TIME_COST, ARGON2_MEMORY_KIB, ARGON2_LANES)
_ARGON2_HEAD = f"{ARGON2_PREFIX}v=19$m={ARGON2_MEMORY_KIB},t={ARGON2_TIME_COST},p={ARGON2_LANES}$"


def _hashed(digest: bytes, cost: int | None) -> str:
    if cost is None:
        return _ARGON2.hash(digest)
    return bcrypt.hashpw(digest, bcrypt.gensalt(cost)).decode("ascii")


def _matches(digest: bytes, known: str) -> bool:
    if known.startswith(ARGON2_PREFIX):
        try:
            return _ARGON2.verify(known, digest)
        except argon2.exceptions.VerifyMismatchError:
            return False
    return bcrypt.checkpw(digest, known.encode("ascii"))
