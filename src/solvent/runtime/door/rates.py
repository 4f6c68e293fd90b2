"""How often: which counts a request falls under, and what the answer says of them.

Whoever shows a credential that is valid is counted by account, everybody else by address. A token
that is signed is checked here, in the process; one that only the database knows counts by address
until the database has said whose it is, and is remembered then. So garbage never leaves its address.

The answer says it in the fields RateLimit-Policy and RateLimit (draft-ietf-httpapi-ratelimit-headers),
and a refusal in Retry-After too.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address
from typing import Any, Final

from starlette.types import Scope

from solvent.kernel.clock import Clock
from solvent.kernel.errors import Refusal
from solvent.runtime import personaltokens
from solvent.runtime.door.envelope import Envelope
from solvent.runtime.door.passes import Passes
from solvent.runtime.door.sharing import SharedWindows, redis_store
from solvent.runtime.door.windows import Count, MemoryWindows, Windows
from solvent.runtime.edge.credentials import COOKIE, OPEN_COOKIE, Tokens
from solvent.runtime.edge.problems import declare
from solvent.runtime.edgesettings import LimitSettings, RedisLoss
from solvent.runtime.scope import NotLoggedIn
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settingvalues import Rate

AUTH_PREFIXES: Final = ("/api/v1/auth/", "/log-in/")
LOG_IN_PATHS: Final = frozenset({"/api/v1/auth/login", "/log-in"})
"""Failed log-ins are counted in the database, by address and by name, so that they hold everywhere."""
AUTH_PAGES: Final = frozenset({"/sign-up", "/forgot", "/reset", "/verify", "/change-address"})
AI_PREFIXES: Final = ("/api/v1/assistant", "/assistant")
HASHED: Final = re.compile(
    r"/static/dist/[A-Za-z0-9_./-]{1,150}[-.][A-Z0-9a-z]{8,16}\.[a-z0-9]{2,6}"
)
IPV6_BITS: Final = 64
"""What one subscriber is given; an address inside it is nobody in particular."""
PROVED_MAX: Final = 20_000

declare({"request.too_many": 429})


class TooManyRequests(Refusal):
    """More requests than the rate allows."""

    code = "request.too_many"

    def __init__(self, policy: str, *, retry_after_s: int) -> None:
        """Name the ``policy`` and the wait."""
        super().__init__(
            f"Too many requests at once. Wait {retry_after_s} seconds and go on.",
            policy=policy,
            retry_after_s=retry_after_s,
        )


@dataclass(frozen=True, slots=True)
class Policy:
    """A rate under its name, and its part of the header, which never changes."""

    name: str
    rate: Rate
    said: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "said", f'"{self.name}";q={self.rate.count};w={self.rate.seconds}')

    def state(self, count: Count) -> str:
        """Return what is left of the rate, as the header has it."""
        return f'"{self.name}";r={count.left};t={count.reset_s}'


class Counted:
    """What one request was counted under: the headers for its answer."""

    __slots__ = ("_policies", "_states", "credential")

    def __init__(self, credential: str = "") -> None:
        """Begin with nothing; ``credential`` is what the request showed and nobody has proved yet."""
        self.credential = credential
        self._policies: list[str] = []
        self._states: list[str] = []

    def add(self, policy: Policy, count: Count) -> None:
        """Note one count; refuse when it was one too many."""
        self._policies.append(policy.said)
        self._states.append(policy.state(count))
        if not count.allowed:
            raise TooManyRequests(policy.name, retry_after_s=count.reset_s)

    def headers(self) -> tuple[tuple[bytes, bytes], ...]:
        """Return the headers that tell of it; none where nothing was counted."""
        if not self._policies:
            return ()
        return (
            (b"ratelimit-policy", ", ".join(self._policies).encode()),
            (b"ratelimit", ", ".join(self._states).encode()),
        )


def rates_of(settings: Settings, tokens: Tokens, clock: Clock) -> "Rates":
    """Return the counts that the settings ask for: shared where there is a Redis."""

    def seconds() -> float:
        return clock.now().timestamp()

    windows: Windows = MemoryWindows(seconds)
    if settings.redis_url is not None:
        windows = SharedWindows(
            redis_store(settings.redis_url),
            MemoryWindows(seconds),
            seconds,
            processes=settings.http.workers,
            refuses=settings.limits.on_redis_loss is RedisLoss.DENY,
        )
    return Rates(settings.limits, windows, tokens, Passes(settings.secrets.keys, seconds))


class Rates:
    """The counts of one process, in windows that may be shared."""

    def __init__(
        self, limits: LimitSettings, windows: Windows, tokens: Tokens, passes: Passes
    ) -> None:
        """Hold requests to ``limits``, counted in ``windows``."""
        self.windows = windows
        self._tokens = tokens
        self._passes = passes
        self._address = Policy("address", limits.rate_ip)
        self._account = Policy("account", limits.rate_account)
        self._auth = Policy("auth", limits.rate_auth)
        self._ai = Policy("ai", limits.rate_ai)
        self._proved: dict[str, str] = {}

    async def count(self, scope: Scope, envelope: Envelope, counted: Counted) -> None:
        """Count a request in ``counted``; raise :class:`TooManyRequests` when it is one too many."""
        path: str = scope["path"]
        if HASHED.fullmatch(path) or self._passes.allow(envelope.get(b"x-solvent-pass")):
            return
        place = subscriber(scope["client"][0] if scope.get("client") else "local")
        account = self._account_of(envelope, counted)
        policy = self._account if account else self._address
        subject = f"account:{account}" if account else f"address:{place}"
        counted.add(policy, await self.windows.hit(subject, policy.rate))
        if scope.get("method") == "POST" and _proves_somebody(path):
            counted.add(self._auth, await self.windows.hit(f"auth:{place}", self._auth.rate))
        elif path.startswith(AI_PREFIXES):
            counted.add(self._ai, await self.windows.hit(f"ai:{account or place}", self._ai.rate))

    @property
    def is_degraded(self) -> bool:
        """Whether the shared windows are away, so that each process counts for itself."""
        return isinstance(self.windows, SharedWindows) and self.windows.away

    async def close(self) -> None:
        """Close what was opened for the counts."""
        if isinstance(self.windows, SharedWindows):
            await self.windows.close()

    def learn(self, scope: Scope, counted: Counted, status: int) -> None:
        """Remember whose a credential is, once its work was opened; forget it where it was refused."""
        shown = counted.credential
        if not shown:
            return
        state: dict[str, Any] = scope["state"]
        sender = state.get("sender")
        if sender is None:
            if status == 401:  # noqa: PLR2004 - unauthorized
                self._proved.pop(shown, None)
            return
        if shown not in self._proved:
            if len(self._proved) >= PROVED_MAX:
                self._proved.clear()
            self._proved[shown] = str(sender)

    def _account_of(self, envelope: Envelope, counted: Counted) -> str:
        """Return the account that a valid credential stands for; empty where none is proved."""
        token = _bearer(envelope) or _cookie(envelope)
        if not token:
            return ""
        counted.credential = token
        if account := self._proved.get(token):
            return account
        if not envelope.get(b"authorization") or personaltokens.is_meant(token):
            return ""
        try:
            return f"session:{self._tokens.session_of(token)}"
        except NotLoggedIn:
            return ""


@lru_cache(maxsize=4_096)
def subscriber(address: str) -> str:
    """Return whom an address stands for: itself, or its network where a subscriber has a whole one."""
    try:
        found = ip_address(address)
    except ValueError:
        return address[:64]
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, IPV6_BITS), strict=False))


def _proves_somebody(path: str) -> bool:
    """Tell whether a POST to ``path`` tries to prove who somebody is, other than by logging in."""
    return (path.startswith(AUTH_PREFIXES) or path in AUTH_PAGES) and path not in LOG_IN_PATHS


def _bearer(envelope: Envelope) -> str:
    scheme, _, token = envelope.get(b"authorization").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else ""


def _cookie(envelope: Envelope) -> str:
    """Return the session's cookie as the header holds it."""
    for part in envelope.get(b"cookie").split(";"):
        name, _, value = part.strip().partition("=")
        if name in {COOKIE, OPEN_COOKIE}:
            return value
    return ""
