"""How a setting's text becomes a value: rates, sizes, addresses, lists.

Each reader takes text, or a value that was read before, and raises ValueError with the end of a
sentence ("it …") that never repeats the text: it may be a secret.
"""

import re
from dataclasses import dataclass
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Self, TypeAlias
from urllib.parse import SplitResult, urlsplit

Network: TypeAlias = IPv4Network | IPv6Network

UNIT_SECONDS = {"second": 1, "minute": 60, "hour": 3_600, "day": 86_400}
UNIT_BYTES = {"": 1, "b": 1, "kib": 1024, "mib": 1024**2, "gib": 1024**3}
RATE_COUNT_MAX = 1_000_000
RATE_SECONDS_MAX = 7 * 86_400
LISTED_MAX = 100
"""Most members of a setting that is a list."""
LOCAL_HOSTS = frozenset({"localhost", "127.0.0.1", "::1"})

_RATE = re.compile(r"(\d{1,9})\s*/\s*(\d{0,9})\s*(second|minute|hour|day)s?", re.IGNORECASE)
_SIZE = re.compile(r"(\d{1,15})\s*(b|kib|mib|gib|)", re.IGNORECASE)

_HOST_NAME = re.compile(r"\.?[a-z0-9_](?:[a-z0-9_.-]{0,250}[a-z0-9_])?|\[?[0-9a-f:.]{2,45}\]?")
_STRICT_TRANSPORT = re.compile(
    r"max-age=\d{1,10}(?:; ?includeSubDomains)?(?:; ?preload)?", re.IGNORECASE | re.ASCII
)


@dataclass(frozen=True, slots=True)
class Rate:
    """At most ``count`` times in ``seconds``."""

    count: int
    seconds: int

    def __post_init__(self) -> None:
        if not 1 <= self.count <= RATE_COUNT_MAX or not 1 <= self.seconds <= RATE_SECONDS_MAX:
            raise ValueError(
                f"it is not between 1 and {RATE_COUNT_MAX} times in at least a second and at most "
                "seven days"
            )

    @classmethod
    def parse(cls, text: str) -> Self:
        """Read ``100/minute`` or ``5/15minutes``."""
        read = _RATE.fullmatch(text.strip())
        if read is None:
            raise ValueError("it is not a rate such as 100/minute or 5/15minutes")
        count, times, unit = read.groups()
        return cls(int(count), int(times or 1) * UNIT_SECONDS[unit.lower()])

    def __str__(self) -> str:
        for unit, seconds in reversed(UNIT_SECONDS.items()):
            times, rest = divmod(self.seconds, seconds)
            if not rest:
                return f"{self.count}/{unit}" if times == 1 else f"{self.count}/{times}{unit}s"
        raise AssertionError("every rate is whole in seconds")


def read_rate(value: object) -> object:
    """Read a :class:`Rate`."""
    return Rate.parse(value) if isinstance(value, str) else value


def read_lower(value: object) -> object:
    """Read one of several words, in any case."""
    return value.strip().lower() if isinstance(value, str) else value


def read_size(value: object) -> object:
    """Read a number of bytes: ``1048576``, ``100 MiB``."""
    if not isinstance(value, str):
        return value
    read = _SIZE.fullmatch(value.strip())
    if read is None:
        raise ValueError("it is not a size such as 1048576 or 100 MiB")
    return int(read[1]) * UNIT_BYTES[read[2].lower()]


def read_path(value: object) -> object:
    """Read a path; ``~`` is the home directory."""
    if not isinstance(value, str):
        return value
    try:
        return Path(value).expanduser().absolute()
    except (RuntimeError, OSError) as nowhere:
        raise ValueError("its home directory is not known; write the whole path") from nowhere


def read_mail_address(value: object) -> object:
    """Read what letters come from: an address, or a name with the address behind in brackets."""
    if not isinstance(value, str):
        return value
    _, address = parseaddr(value)
    local, _, domain = address.rpartition("@")
    if not (local and domain and value.isascii() and value.isprintable()):
        raise ValueError("it is no address such as Solvent <solvent@money.example>")
    return value


def read_database_url(value: object) -> object:
    """Read PostgreSQL's address; the forms other libraries write become ``postgresql://``."""
    if not isinstance(value, str):
        return value
    scheme, separator, rest = value.partition("://")
    known = {"postgresql", "postgres", "postgresql+asyncpg", "postgresql+psycopg"}
    if not separator or scheme.lower() not in known:
        raise ValueError(
            "it is no PostgreSQL address such as postgresql://user:password@host:5432/name"
        )
    address = f"postgresql://{rest}"
    if _split(address).fragment:
        raise ValueError("it holds a bare '#'; write that as %23")
    return address


def read_redis_url(value: object) -> object:
    """Read the address of Redis; refuse a password in the place of a user."""
    if not isinstance(value, str):
        return value
    parts = _split(value)
    if parts.scheme not in {"redis", "rediss", "unix"} or not (parts.hostname or parts.path):
        raise ValueError("it is no Redis address such as redis://:password@host:6379/0")
    if parts.username and parts.password is None:
        raise ValueError(
            "its password stands where a user belongs; put a colon before it: "
            "redis://:password@host:6379/0"
        )
    return value


def read_clamd_url(value: object) -> object:
    """Read where a virus scanner listens: ``tcp://host:port``."""
    if not isinstance(value, str):
        return value
    parts = _split(value)
    if parts.scheme != "tcp" or not parts.hostname or parts.path or parts.username:
        raise ValueError("it is no address of clamd such as tcp://127.0.0.1:3310")
    return value


def read_public_url(value: object) -> object:
    """Read the address people use: scheme and host, no path."""
    return _origin(value) if isinstance(value, str) else value


def read_origins(value: object) -> object:
    """Read a list of origins such as ``https://app.example``, parted by commas."""
    return tuple(map(_origin, _members(value))) if isinstance(value, str) else value


def read_networks(value: object) -> object:
    """Read a list of addresses or networks, parted by commas."""
    return tuple(map(_network, _members(value))) if isinstance(value, str) else value


def read_hosts(value: object) -> object:
    """Read a list of host names, parted by commas; one may begin with a dot."""
    return tuple(map(_host, _members(value))) if isinstance(value, str) else value


def read_strict_transport(value: object) -> object:
    """Read Strict-Transport-Security; ``off`` is an empty text."""
    if not isinstance(value, str):
        return value
    text = value.strip()
    if text.lower() == "off":
        return ""
    if not _STRICT_TRANSPORT.fullmatch(text):
        raise ValueError(
            "it is neither off nor a policy such as max-age=31536000; includeSubDomains"
        )
    return text


def read_issuer(value: object) -> object:
    """Read an issuer of identities, kept letter by letter: HTTPS, or HTTP on this machine."""
    if not isinstance(value, str):
        return value
    parts = _split(value)
    if not parts.hostname or parts.query or parts.fragment or parts.username is not None:
        raise ValueError("it is no issuer; write https://host/path as the provider does")
    if parts.scheme != "https" and not (parts.scheme == "http" and is_local(value)):
        raise ValueError("it is not https")
    return value


def is_local(url: str) -> bool:
    """Tell whether the host of ``url`` is this machine."""
    host = urlsplit(url).hostname or ""
    return host in LOCAL_HOSTS or host.endswith(".localhost")


def _members(text: str) -> list[str]:
    members = [member.strip() for member in text.split(",") if member.strip()]
    if len(members) > LISTED_MAX:
        raise ValueError(f"it lists more than {LISTED_MAX}")
    return members


def _host(text: str) -> str:
    name = text.lower().rstrip(".")
    if not _HOST_NAME.fullmatch(name):
        raise ValueError("it holds something that is no host name such as money.example")
    return name


def _network(text: str) -> Network:
    try:
        return ip_network(text, strict=False)
    except ValueError:
        # The library's own message repeats the text.
        raise ValueError("it holds something that is no network such as 10.0.0.0/8") from None


def _origin(text: str) -> str:
    parts = _split(text.strip())
    if parts.scheme not in {"http", "https"} or not parts.hostname or "*" in parts.hostname:
        raise ValueError("it is no address such as https://money.example")
    if parts.username is not None or parts.path.strip("/") or parts.query or parts.fragment:
        raise ValueError("it holds more than scheme, host and port")
    return f"{parts.scheme}://{parts.netloc.lower()}"


def _split(url: str) -> SplitResult:
    """Split a URL whose port can be read; messages of the library repeat parts of it."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        port = -1
        parts = SplitResult("", "", "", "", "")
    if port == -1:
        raise ValueError("it is no address; a special character in its password is written as %XX")
    return parts
