"""What must not be written down, taken out of what is about to be logged.

Three nets, because any one alone has holes: names (a field called ``token`` or ``payee`` is masked
whatever it holds), shapes (a bearer token, an IBAN or an address with a password is masked wherever
it stands in a text), and kinds (an object that is not plain data is named, not shown).
"""

import math
import re
from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import lru_cache
from itertools import islice
from pathlib import PurePath
from typing import Any, TypeAlias, cast
from uuid import UUID

from solvent.kernel.errors import Refusal

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"

MASK = "***"
TEXT_CHARS_MAX = 8_192
"""Longest text logged; the rest is cut."""
MEMBERS_MAX = 100
"""Most members of one list or mapping logged."""
DEPTH_MAX = 5
"""How deep lists and mappings are followed."""

HIDDEN_WORDS = re.compile(
    r"\b(?:bearer|csrf|dsn|jwt|keys?|otp|pin|pwd|totp"
    r"|description|identifiers?|memos?|notes?|phone)\b"
)
"""Words of a name that hide its value: secrets first, then people's data."""
HIDDEN_STEMS = re.compile(
    r"apikey|authorization|cookie|credential|passphrase|passwd|password|secret|token"
    r"|amount|balance|email|iban|payee"
)
"""The same, wherever they stand in a name."""

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")
# Names, route templates and ids have none of the shapes below; most texts logged are one of them.
_HARMLESS = re.compile(
    r"(?:/api/v\d)?[a-z_./{}-]{0,128}|[0-9a-f]{32}"
    r"|(?:person:)?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
)
_SPELLED = (
    r"api[_-]?key|[\w-]{0,32}(?:password|passwd|passphrase|pwd|secret|token)|authorization|cookie"
    r"|dsn"
)
# Every repetition is bounded, or cannot begin twice in the same run: no text makes this slow.
_SHAPES = re.compile(
    # PostgreSQL repeats the offending row, its drivers and validators the offending value.
    r"(?P<detail>(?-i:\bDETAIL:|\bFailing row contains|\binput_value=|['\"]input['\"]:)(?s:.*))"
    r"|(?P<argument>\binvalid input [^:]{0,80}:(?s:.*))"
    # An address with a user or a password before its host.
    r"|(?P<url>(?<=://)(?:[^\s/?#]{1,512}@|[^\s/:@]{0,128}:\S{0,512}@))"
    # A header runs to the end of its line.
    r"|(?P<header>\b(?:authorization|(?:set-)?cookie)\b[\"']?\s{0,3}[:=]\s{0,3}[^\r\n]+)"
    # A scheme and its credential.
    r"|(?P<bearer>\bbearer\s{1,3}[\w.~+/=-]{8,})"
    # A signed or encrypted token.
    r"|(?P<jwt>(?<![\w-])(?-i:eyJ)[\w-]{5,}(?:\.[\w-]*){2,4})"
    # name=value, "name": "value".
    rf"|(?P<pair>\b(?:{_SPELLED})[\"']?\s{{0,3}}[:=]\s{{0,3}}(?:\"[^\"]*\"|'[^']*'|[^\s&,;]+))"
    # An account's number, in groups or not.
    r"|(?P<iban>\b[a-z]{2}\d{2}(?:[ -]?[a-z0-9]{4}){2,7}(?:[ -]?[a-z0-9]{1,3})?\b)"
    # A card's number.
    r"|(?P<card>\b[2-6]\d{3}(?:[ -]?\d){9,15}\b)"
    # A person's address.
    r"|(?P<email>\b[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8})",
    re.IGNORECASE,
)
_MASKED = {
    "detail": MASK,
    "url": MASK + "@",
    "bearer": "Bearer " + MASK,
    "jwt": "[jwt]",
    "email": "[email]",
}
_VALUE_BEGINS = re.compile(r"[:=]\s{0,3}")


def redact(text: str) -> str:
    """Return ``text`` without what has the shape of a secret or of somebody's data."""
    if _HARMLESS.fullmatch(text):
        return text
    cut = text if len(text) <= TEXT_CHARS_MAX else text[:TEXT_CHARS_MAX] + "…"
    return _SHAPES.sub(_masked, cut)


def plain(name: str, value: object, depth: int = 0) -> Plain:
    """Return ``value``, called ``name``, as plain data that may be written down."""
    if value is None or isinstance(value, bool):
        return value
    if is_hidden(name):
        return MASK
    if isinstance(value, int | float):
        return value if math.isfinite(value) else str(value)
    if isinstance(value, str):
        return redact(value)
    if isinstance(value, Mapping | list | tuple | set | frozenset):
        return _members(name, cast("Any", value), depth)
    return _shown(value)


@lru_cache(maxsize=2_048)
def is_hidden(name: str) -> bool:
    """Tell whether a field called ``name`` is masked whatever it holds."""
    lowered = " ".join(_WORD.findall(name)).lower()
    return bool(HIDDEN_WORDS.search(lowered) or HIDDEN_STEMS.search(name.lower()))


def told(error: BaseException) -> str:
    """Return what an exception says, redacted; a refusal says its own sentence."""
    try:
        text = error.message if isinstance(error, Refusal) else str(error)
    except Exception:  # noqa: BLE001 - a broken __str__ must not take the log line with it
        return MASK
    return redact(text)


def _members(name: str, value: Any, depth: int) -> Plain:
    """Return the members of a list or mapping as plain data, as far as they are followed."""
    if depth >= DEPTH_MAX:
        return "…"
    if isinstance(value, Mapping):
        pairs = cast("Mapping[object, object]", value).items()
        return {
            redact(str(key)): plain(str(key), member, depth + 1)
            for key, member in islice(pairs, MEMBERS_MAX)
        }
    return [plain(name, member, depth + 1) for member in islice(value, MEMBERS_MAX)]


def _shown(value: object) -> str:
    """Return what may be shown of anything else: plain facts as text, objects by their kind."""
    if isinstance(value, datetime | date | time):
        return value.isoformat()
    if isinstance(value, UUID | Decimal | timedelta):
        return str(value)
    if isinstance(value, PurePath):
        return redact(str(value))
    if isinstance(value, BaseException):
        return f"{type(value).__name__}: {told(value)}"
    if isinstance(value, bytes | bytearray):
        return f"<{len(value)} bytes>"
    return f"<{type(value).__name__}>"


def _masked(found: re.Match[str]) -> str:
    """Return what stands in the place of something found."""
    kind, text = found.lastgroup or "", found[0]
    if kind in {"argument", "header", "pair"}:
        at = _VALUE_BEGINS.search(text)
        return (text[: at.end()] if at else "") + MASK
    if kind == "iban":
        return "[iban]" if text.isupper() or _checks_as_iban(text) else text
    if kind == "card":
        return "[card]" if _checks_as_card(text) else text
    return _MASKED[kind]


def _checks_as_iban(text: str) -> bool:
    """Tell an IBAN in small letters from a word that only begins like one."""
    bare = "".join(filter(str.isalnum, text)).upper()
    digits = "".join(str(int(character, 36)) for character in bare[4:] + bare[:4])
    return int(digits) % 97 == 1


def _checks_as_card(text: str) -> bool:
    """Tell a card's number from any other long number, by its check digit."""
    total = 0
    for place, digit in enumerate(reversed([int(c) for c in text if c.isdigit()])):
        doubled = digit * (1 + place % 2)
        total += doubled - 9 if doubled > 9 else doubled  # noqa: PLR2004 - the sum of its digits
    return total % 10 == 0
