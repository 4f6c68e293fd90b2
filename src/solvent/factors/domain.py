"""Authenticators, recovery codes and passkeys, and the ways of being refused."""

import base64
import hashlib
import unicodedata
from dataclasses import dataclass
from datetime import datetime
from typing import Self
from urllib.parse import urlsplit
from uuid import UUID

from solvent.kernel.errors import Refusal

SECRET_CHARS = 32
RECOVERY_CODES = 10
RECOVERY_CODE_BYTES = 10
RECOVERY_GROUP_CHARS = 4
PASSKEYS_MAX = 20
PASSKEY_NAME_CHARS_MAX = 100


class CodeNotRight(Refusal):
    """The code that should confirm an authenticator is not the one that it shows."""

    code = "factors.code_not_right"

    def __init__(self) -> None:
        """Say what to look at."""
        super().__init__(
            "This is not the code that belongs to this key now. Check that the clock of your device "
            "is right, and type the six digits that it shows.",
            field="code",
        )


class AuthenticatorInUse(Refusal):
    """The person has an authenticator already."""

    code = "factors.authenticator_in_use"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("You have an authenticator already. Remove it before you set up another.")


class NoAuthenticator(Refusal):
    """The person has no authenticator, or has not begun to set one up."""

    code = "factors.no_authenticator"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("You have no authenticator here. Set one up first.")


class PasskeyRefused(Refusal):
    """What the device answered is not what was asked, came too late, or is of no passkey here."""

    code = "factors.passkey_refused"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "That passkey could not be used: it is not known here, or the question was too old. "
            "Try again, or use another way."
        )


class TooManyPasskeys(Refusal):
    """The person has as many passkeys as anyone may have."""

    code = "factors.too_many_passkeys"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(f"You have {PASSKEYS_MAX} passkeys. Remove one before you add another.")


class BadPasskeyName(Refusal):
    """The name is empty, too long, or holds control characters."""

    code = "factors.bad_passkey_name"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"A passkey's name has 1 to {PASSKEY_NAME_CHARS_MAX} characters on one line.",
            field="name",
        )


@dataclass(frozen=True, slots=True)
class RelyingParty:
    """Who passkeys are made for: the host of Solvent's public address, and that address itself."""

    id: str
    origin: str

    @classmethod
    def at(cls, public_url: str) -> Self:
        """Return the relying party of an installation that people reach at ``public_url``."""
        parts = urlsplit(public_url)
        return cls(parts.hostname or "", f"{parts.scheme}://{parts.netloc}")


@dataclass(frozen=True, slots=True)
class AuthenticatorKey:
    """What an authenticator is set up with, shown once: the key, its address, and that as a picture."""

    secret: str
    uri: str
    qr: str


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    synced: bool
    created_at: datetime
    used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What a person can log in with beside their password."""

    authenticator: bool
    recovery_codes_left: int
    passkeys: list[Passkey]


def recovery_code(random: bytes) -> str:
    """Return ten random bytes as a code that a person can copy: four groups of four characters."""
    text = base64.b32encode(random).decode("ascii").lower()
    groups = range(0, len(text), RECOVERY_GROUP_CHARS)
    return "-".join(text[start : start + RECOVERY_GROUP_CHARS] for start in groups)


def recovery_digest(person: UUID, code: str) -> bytes:
    """Return what is kept of a recovery code, however it was typed.

    It holds 80 random bits, so that one SHA-256 is slow enough for whoever would guess it.
    """
    bare = "".join(sign for sign in code.casefold() if sign.isalnum())
    return hashlib.sha256(person.bytes + bare.encode("utf-8", "replace")).digest()


def checked_passkey_name(text: str) -> str:
    """Return a passkey's name, stripped; raise :class:`BadPasskeyName` for what is none."""
    name = unicodedata.normalize("NFC", text).strip()
    odd = any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in name)
    if odd or not 0 < len(name) <= PASSKEY_NAME_CHARS_MAX:
        raise BadPasskeyName
    return name
