"""Whether a password is known from a breach, asked without telling it.

Only the first five hex digits of its SHA-1 leave the house; the answer lists every suffix that is known
under them, padded so that its length tells nothing. Who cannot be asked is no reason to keep a person
out: then the answer is no, and the log says so. Source: the range search of Have I Been Pwned.
"""

import hashlib

import httpx2

from solvent.runtime.log import logger

PREFIX_CHARS = 5
TIMEOUT_S = 2.0
ANSWER_BYTES_MAX = 1_000_000

log = logger("passwords")


class Breaches:
    """A service that knows passwords from breaches, by ranges of their hashes."""

    def __init__(self, url: str) -> None:
        """Ask at ``url``, which a prefix is appended to."""
        self._url = url.rstrip("/")

    async def know(self, password: str) -> bool:
        """Tell whether ``password`` is known from a breach; no when that cannot be found out."""
        digest = hashlib.sha1(password.encode("utf-8", "surrogatepass"), usedforsecurity=False)
        name = digest.hexdigest().upper()
        try:
            async with httpx2.AsyncClient(timeout=TIMEOUT_S) as client:
                answer = await client.get(
                    f"{self._url}/{name[:PREFIX_CHARS]}", headers={"Add-Padding": "true"}
                )
                answer.raise_for_status()
        except (httpx2.HTTPError, httpx2.InvalidURL) as failed:
            log.warning("breaches.not_asked", reason=type(failed).__name__)
            return False
        return any(
            suffix == name[PREFIX_CHARS:] and count.strip() != "0"
            for suffix, _, count in (
                line.partition(":") for line in answer.text[:ANSWER_BYTES_MAX].splitlines()
            )
        )
