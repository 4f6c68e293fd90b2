"""What is demanded of the secrets of an installation: unguessable, each its own, not too old.

Judges the texts that were gathered; its sentences name settings and never repeat a value. A published
or sample secret stops the start of a guarded installation; what is merely weak, reused or old is found
by `solvent settings check` and `solvent secrets check`, and said at every start.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from itertools import combinations
from pathlib import Path
from urllib.parse import unquote, urlsplit

from solvent.runtime.environment import Finding, Name
from solvent.runtime.keys import KeyRing, made_on
from solvent.runtime.settingvalues import is_local

PASSWORD_CHARS_MIN = {"postgresql": 24, "redis": 32, "rediss": 32}
"""Fewest characters of the password in an address, by scheme."""
WARNING_DAYS = 10
"""How long before a key is too old it is noticed."""
OVERLAP = timedelta(days=8)
"""How long a former key is of use: nothing that is signed lives longer than a refresh token, and a day."""
FIELD_RING = "SOLVENT_FIELD_KEYS"
SAME_LOGIN = "SOLVENT_DB_LISTEN_URL"
"""The application's own login over another address: its password is no further secret."""

_PLACEHOLDER = re.compile(
    r"<[^>]*>|\$\{[^}]*\}|\{\{.*\}\}|x{6,}|\*{4,}|\.{3,}|…"
    r"|(?:your|my|the|insert|replace|enter|put|get|fill)[-_ ].*|.*[-_ ](?:here|goes[-_ ]here)"
    r"|(?:to[-_ ]?do|tbd|fix[-_ ]?me|none|null|undefined|placeholder|dummy|fake)",
    re.IGNORECASE,
)
_TEST_KEY = re.compile(r"(?:sk|pk|rk)_test_\w*", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Secret:
    """One secret of an installation: its setting, where in it, and its text."""

    setting: str
    part: str
    text: str

    @property
    def called(self) -> str:
        """How a sentence calls it."""
        return f"{self.part} of {self.setting}" if self.part else self.setting


def secrets_of(values: Mapping[str, str], names: Iterable[Name]) -> Iterator[Secret]:
    """Yield each secret in ``values``: keys of a ring, passwords of addresses, whole values."""
    for name in names:
        text = values.get(name.name, "").strip() if name.secret else ""
        if not text:
            continue
        if name.name.endswith("_KEYS"):
            for number, entry in enumerate(text.split(","), 1):
                yield Secret(name.name, f"key {number}", entry.strip().rpartition(":")[2])
        elif "://" in text:
            password = _password(text)
            if password:
                yield Secret(name.name, "the password", password)
        else:
            yield Secret(name.name, "", text)


def judge(secrets: Iterable[Secret]) -> Iterator[Finding]:
    """Yield what is wrong with ``secrets``; what is well known stops the start."""
    held = list(secrets)
    for secret in held:
        if is_published(secret.text):
            yield _finding("published", secret, "is a published or sample value", stops=True)
        elif _PLACEHOLDER.fullmatch(secret.text):
            yield _finding("placeholder", secret, "is a placeholder", stops=True)
        elif _TEST_KEY.fullmatch(secret.text):
            yield _finding("test_key", secret, "is for the vendor's tests", stops=True)
    for one, other in combinations([s for s in held if s.setting != SAME_LOGIN], 2):
        if one.text.startswith(other.text) or other.text.startswith(one.text):
            yield Finding(
                "settings.secret_reused",
                other.setting,
                f"{_capital(other.called)} is also {one.called}. Give each its own.",
                stops=False,
            )


def judge_passwords(values: Mapping[str, str], names: Iterable[Name]) -> Iterator[Finding]:
    """Yield the passwords of addresses that are shorter than they should be."""
    for name in names:
        url = values.get(name.name, "").strip() if name.secret else ""
        scheme = urlsplit(url).scheme.partition("+")[0] if "://" in url else ""
        scheme = "postgresql" if scheme == "postgres" else scheme
        least = PASSWORD_CHARS_MIN.get(scheme)
        if least is None:
            continue
        length = len(_password(url))
        if length < least and (length or (scheme != "postgresql" and not is_local(url))):
            yield Finding(
                "settings.short_password",
                name.name,
                f"The password of {name.name} has {length} characters; give it {least} or more "
                "random ones.",
                stops=False,
            )


def judge_ages(name: str, ring: KeyRing, *, today: date, days_max: int) -> Iterator[Finding]:
    """Yield what is wrong with the age of the keys of ``ring``; the newest comes first.

    A key's day stands in the id that `solvent secrets generate` gives it; without, its age is unknown.
    """
    newest, *former = ring.kids
    made = made_on(newest)
    if made is not None and (today - made).days > days_max:
        yield Finding(
            "settings.key_old",
            name,
            f"The newest key of {name} is {(today - made).days} days old; {days_max} are allowed. "
            "Make a new one: `solvent secrets rotate`.",
            stops=False,
        )
    lingering = made is not None and today - made > OVERLAP and former and name != FIELD_RING
    if lingering or (len(former) > 1 and name != FIELD_RING):
        yield Finding(
            "settings.key_lingers",
            name,
            f"{name} holds former keys that nothing needs any more. Drop all but the newest "
            f"{'key' if lingering else 'two'}.",
            stops=False,
        )


def notice_ages(name: str, ring: KeyRing, *, today: date, days_max: int) -> Iterator[Finding]:
    """Yield what to know of the age of a ring's newest key: unknown, or soon too old."""
    made = made_on(ring.current_kid)
    if made is None:
        sentence = (
            f"The newest key of {name} does not say when it was made, so nobody can tell when it "
            "is too old. `solvent secrets rotate` makes one that does."
        )
        yield Finding("settings.key_age_unknown", name, sentence, stops=False)
    elif days_max - WARNING_DAYS <= (today - made).days <= days_max:
        sentence = f"The newest key of {name} is {(today - made).days} days old. Change it soon."
        yield Finding("settings.key_ages", name, sentence, stops=False)


def is_published(text: str) -> bool:
    """Tell whether ``text`` is a secret that everybody can read somewhere, in any case."""
    return hashlib.sha256(text.lower().encode()).hexdigest() in _published()


@cache
def _published() -> frozenset[str]:
    """Return SHA-256 of published and sample secrets in lower case, as hexadecimal digits."""
    return frozenset(Path(__file__).with_name("published.txt").read_text("ascii").split())


def _password(url: str) -> str:
    try:
        return unquote(urlsplit(url).password or "")
    except ValueError:
        return ""


def _finding(code: str, secret: Secret, fault: str, *, stops: bool) -> Finding:
    return Finding(
        f"settings.{code}_secret",
        secret.setting,
        f"{_capital(secret.called)} {fault}; anybody could know it. Make one of your own.",
        stops=stops,
    )


def _capital(sentence: str) -> str:
    return sentence[:1].upper() + sentence[1:]
