"""Letters to people: what is said to whom, queued with the change that gives the reason.

A letter may hold a link that opens an account, so that it is sealed before it waits in the queue:
neither the database nor a backup of it can read one. How a letter reads and how it leaves the house
is decided above, in ``notifications``.
"""

import os
from enum import StrEnum
from uuid import UUID

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from solvent.kernel.errors import Refusal
from solvent.runtime.ids import new_id
from solvent.runtime.jobs.queue import enqueue
from solvent.runtime.keys import KeyRing
from solvent.runtime.work import Work

SEND_LETTER = "notifications.send_letter"
PURPOSE = "letters"
NONCE_BYTES = 12


class LetterKind(StrEnum):
    """What a letter is about; each has a template of its name."""

    ADDRESS_CHANGED = "address_changed"
    ADDRESS_KNOWN = "address_known"
    CHANGE_ADDRESS = "change_address"
    INVITATION = "invitation"
    LOGIN_LOCKED = "login_locked"
    PASSWORD_CHANGED = "password_changed"  # noqa: S105 - a kind, no secret
    RESET_PASSWORD = "reset_password"  # noqa: S105 - a kind, no secret
    VERIFY_ADDRESS = "verify_address"


class Letter(msgspec.Struct, frozen=True, kw_only=True):
    """One letter: what about, to which address, in which language.

    ``path`` is where its link leads on our own site, secret and all. ``facts`` are what the template
    of its kind asks for.
    """

    kind: LetterKind
    to: str
    locale: str = "en"
    path: str = ""
    facts: dict[str, str] = {}


class SealedLetter(msgspec.Struct, frozen=True):
    """A letter as it waits: its id, the key it is sealed with, and what only that key opens."""

    id: UUID
    kid: str
    sealed: bytes


class LetterUnreadable(Refusal):
    """A letter was not sealed with the keys of this installation, or was changed since."""

    code = "identity.letter_unreadable"

    def __init__(self) -> None:
        """Say where to look."""
        super().__init__(
            "A letter in the queue cannot be opened. Were SOLVENT_SECRET_KEYS changed?"
        )


class Letters:
    """Seals letters and queues them; one for each process."""

    def __init__(self, keys: KeyRing) -> None:
        """Seal with the newest of ``keys``, open with any of them."""
        self._keys = keys

    async def send(self, work: Work, letter: Letter) -> None:
        """Queue ``letter``: it goes out when ``work`` is committed, and not at all otherwise."""
        await enqueue(work, SEND_LETTER, self.seal(letter))

    def seal(self, letter: Letter) -> SealedLetter:
        """Return ``letter`` under an id of its own, for nobody else to read."""
        id_, kid, nonce = new_id(), self._keys.current_kid, os.urandom(NONCE_BYTES)
        text = msgspec.json.encode(letter)
        return SealedLetter(id_, kid, nonce + self._cipher(kid).encrypt(nonce, text, id_.bytes))

    def open(self, sealed: SealedLetter) -> Letter:
        """Return the letter; refuse one that other keys have sealed."""
        nonce, rest = sealed.sealed[:NONCE_BYTES], sealed.sealed[NONCE_BYTES:]
        try:
            text = self._cipher(sealed.kid).decrypt(nonce, rest, sealed.id.bytes)
        except InvalidTag as bad:
            raise LetterUnreadable from bad
        return msgspec.json.decode(text, type=Letter)

    def _cipher(self, kid: str) -> AESGCM:
        return AESGCM(self._keys.derive(PURPOSE, kid))
