"""People, the rules for their addresses and passwords, and the ways of being refused."""

import re
import unicodedata
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from solvent.kernel.errors import Refusal

EMAIL_CHARS_MAX = 254
EMAIL_LOCAL_CHARS_MAX = 64
PERSON_NAME_CHARS_MAX = 200
PASSWORD_CHARS_MIN = 12
PASSPHRASE_CHARS_MIN = 16
"""From this length on words alone will do."""
PASSWORD_CLASSES_MIN = 3
"""Fewest of small letters, capitals, digits and other signs in what is shorter."""
LOCK_MAX = timedelta(hours=24)
LOCKS_DOUBLED_MAX = 20
LOCAL_CHARS_TELLING = 4
"""Shortest name before the @ that a password must not hold."""
PASSWORD_BYTES_MAX = 256
PASSWORD_SIGNS_MIN = 4
"""Fewest different characters in a password."""

_LOCAL = re.compile(r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[a-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
_DOMAIN = re.compile(rf"(?:{_LABEL}\.)+{_LABEL}")


class BadEmail(Refusal):
    """The text is no address that mail could be sent to."""

    code = "identity.bad_email"

    def __init__(self) -> None:
        """Say what one looks like."""
        super().__init__(
            "This is no e-mail address; write it whole, such as name@example.org.", field="email"
        )


class BadPersonName(Refusal):
    """The name is empty, too long, or holds control characters."""

    code = "identity.bad_name"

    def __init__(self) -> None:
        """Say the limit."""
        super().__init__(
            f"A name has 1 to {PERSON_NAME_CHARS_MAX} characters on one line.", field="name"
        )


class WeakPassword(Refusal):
    """The password would be too easy to guess, or cannot be kept."""

    code = "identity.weak_password"

    def __init__(self, message: str) -> None:
        """Say which rule it breaks."""
        super().__init__(message, field="password")


class EmailTaken(Refusal):
    """Somebody has registered with this address before."""

    code = "identity.email_taken"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "This address is registered already. Log in, or use another address.", field="email"
        )


class WrongCredentials(Refusal):
    """Address and password do not belong together; which of them is wrong is not said."""

    code = "identity.wrong_credentials"

    def __init__(self) -> None:
        """Say that it does not fit."""
        super().__init__("The address or the password is not right.")


class CodeNeeded(Refusal):
    """The password is right, and the person has a second factor: a code is wanted as well."""

    code = "identity.code_needed"

    def __init__(self) -> None:
        """Say where the code comes from."""
        super().__init__(
            "A one-time code is wanted as well: from your authenticator, or one of your recovery codes.",
            field="code",
        )


class WrongCode(Refusal):
    """The code is not right, was used before, or is too old."""

    code = "identity.wrong_code"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "The code is not right, or was used before. Wait for the next one and try again.",
            field="code",
        )


class StepExpired(Refusal):
    """The second step of a log-in came too late, or was taken already."""

    code = "identity.step_expired"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("That took too long. Please log in again.")


class WrongProof(Refusal):
    """What should show that it is still the same person does not."""

    code = "identity.wrong_proof"

    def __init__(self, *, field: str) -> None:
        """Name the ``field`` that does not fit."""
        super().__init__("That is not right; nothing was changed. Try again.", field=field)


class TooManyAttempts(Refusal):
    """Too many attempts have failed in a while."""

    code = "identity.too_many_attempts"

    def __init__(self, *, retry_after_s: int) -> None:
        """Say how long to wait, in seconds."""
        minutes = -(-retry_after_s // 60)
        wait = f"{minutes} minutes" if minutes > 1 else "a minute"
        super().__init__(
            f"Too many attempts have failed. Wait {wait} and try again.",
            retry_after_s=retry_after_s,
        )


class RefreshRefused(Refusal):
    """The refresh token is unknown, or its session has ended or expired."""

    code = "identity.refresh_refused"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This log-in has ended. Please log in again.")


class RefreshReused(Refusal):
    """The refresh token was used before: somebody else may hold a copy, so the session ended."""

    code = "identity.refresh_reused"

    def __init__(self) -> None:
        """Say what happened and what to do."""
        super().__init__(
            "This log-in was continued from elsewhere, so it has been ended to be safe. "
            "Please log in again."
        )


class LinkRefused(Refusal):
    """The link of a letter was used before, has expired, or never was one."""

    code = "identity.link_refused"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("This link was used before or has expired. Please ask for a new one.")


class PersonDisabled(Refusal):
    """Somebody has proved who they are, and is shut out."""

    code = "identity.person_disabled"

    def __init__(self) -> None:
        """Say who shut them out."""
        super().__init__(
            "This account was disabled by the operator of this installation. Nothing in it was "
            "changed; ask them to enable it."
        )


class NotVerified(Refusal):
    """What is asked for waits until the address has been verified."""

    code = "identity.not_verified"

    def __init__(self) -> None:
        """Say where to look."""
        super().__init__(
            "Please confirm your e-mail address first: open the link in the letter that we sent, "
            "or ask for another in the settings."
        )


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can log in."""

    id: UUID
    email: str
    name: str
    locale: str
    verified: bool = False


@dataclass(frozen=True, slots=True)
class OpenSession:
    """One place where a person is logged in: a page in a browser, or an API client."""

    id: UUID
    channel: str
    agent: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to log in: what was typed, and the network address it came from."""

    email: str
    password: str
    address: str
    agent: str = ""


@dataclass(frozen=True, slots=True)
class Lockout:
    """How an account is locked: after ``threshold`` failures for ``seconds``, and doubling from there."""

    threshold: int = 5
    seconds: int = 900

    def wait(self, *, failures: int, newest: datetime | None, now: datetime) -> timedelta:
        """Return how long nobody may try, after so many ``failures`` and the ``newest`` of them."""
        beyond = failures - self.threshold
        if beyond < 0 or newest is None:
            return timedelta()
        lasts = min(timedelta(seconds=self.seconds << min(beyond, LOCKS_DOUBLED_MAX)), LOCK_MAX)
        return max(timedelta(), newest + lasts - now)


@dataclass(frozen=True, slots=True)
class TokenPair:
    """What an API client holds; ``expires_in`` is the life of the access token in seconds."""

    access_token: str
    refresh_token: str
    expires_in: int
    token_type: str = "Bearer"  # noqa: S105 - the type's name, no secret


def normal_email(text: str) -> str:
    """Return the one spelling of an address: lower case, its domain in ASCII.

    Raise :class:`BadEmail` for what is no address.
    """
    local, at, domain = text.strip().rpartition("@")
    local = local.lower()
    try:
        host = domain.encode("idna").decode("ascii").lower()
    except UnicodeError as bad:
        raise BadEmail from bad
    email = f"{local}{at}{host}"
    fits = len(email) <= EMAIL_CHARS_MAX and len(local) <= EMAIL_LOCAL_CHARS_MAX
    if not (fits and _LOCAL.fullmatch(local) and _DOMAIN.fullmatch(host)):
        raise BadEmail
    return email


def checked_name(text: str) -> str:
    """Return a person's name, stripped; raise :class:`BadPersonName` for what is none."""
    name = unicodedata.normalize("NFC", text).strip()
    odd = any(unicodedata.category(sign) in {"Cc", "Cs", "Zl", "Zp"} for sign in name)
    if odd or not 0 < len(name) <= PERSON_NAME_CHARS_MAX:
        raise BadPersonName
    return name


def check_password(password: str, *, email: str) -> None:
    """Raise :class:`WeakPassword` for one that is too short, too long or too easy."""
    if len(password) < PASSWORD_CHARS_MIN:
        raise WeakPassword(f"A password has at least {PASSWORD_CHARS_MIN} characters.")
    if len(password.encode("utf-8", "surrogatepass")) > PASSWORD_BYTES_MAX:
        raise WeakPassword(f"A password has at most {PASSWORD_BYTES_MAX} bytes.")
    if len(set(password)) < PASSWORD_SIGNS_MIN:
        raise WeakPassword(f"A password has at least {PASSWORD_SIGNS_MIN} different characters.")
    if len(password) < PASSPHRASE_CHARS_MIN and len(_classes(password)) < PASSWORD_CLASSES_MIN:
        raise WeakPassword(
            "A short password mixes small letters, capitals, digits and other signs, at least three "
            f"of these. Or write {PASSPHRASE_CHARS_MIN} characters or more: a few words are good."
        )
    local = email.partition("@")[0].casefold()
    folded = password.casefold()
    if email.casefold() in folded or (len(local) >= LOCAL_CHARS_TELLING and local in folded):
        raise WeakPassword("Your address is the first thing that anybody would try as password.")


def _classes(password: str) -> set[str]:
    """Return which kinds of signs a password is made of."""
    return {
        "small"
        if sign.islower()
        else "capital"
        if sign.isupper()
        else "digit"
        if sign.isdigit()
        else "other"
        for sign in password
    }
