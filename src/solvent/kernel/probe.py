"""Probes: proofs of claims, and the bench that a probe is handed to make them on.

A probe is one short coroutine that asks a running installation something and holds what comes back
against the claim. The bench keeps all of it as evidence: what was sent, what came back, which figure
stood against which limit. A probe that held nothing has proved nothing.
"""

import json
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from solvent.kernel.clock import Clock


class Kind(StrEnum):
    """How a claim is proved; an attested one by the record that a person made."""

    LIVE = "live-probe"
    CONFIG = "config-check"
    SCAN = "static-scan"
    LOAD = "load-test"
    DRILL = "drill"
    ATTESTED = "attested"


class Need(StrEnum):
    """What a probe cannot do without."""

    INSTALLATION = "the installation itself"
    TIME = "the full profile"
    DRILLS = "leave to change and to break things"
    HTTPS = "an installation behind HTTPS"


class Unproved(Exception):  # noqa: N818 - an outcome, not an error
    """The probe cannot tell, for a reason that stands in the report."""


class NotApplicable(Exception):  # noqa: N818 - the same
    """The claim speaks of something that this installation does not have, on purpose."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came back to one request; ``ms`` from its first byte sent to its last received."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    ms: float = 0.0

    def every(self, name: str) -> list[str]:
        """Return the values of a header, in order, one for each time that it was sent."""
        return [value for key, value in self.headers if key.lower() == name.lower()]

    def header(self, name: str) -> str:
        """Return a header's values, joined as HTTP joins them; empty when it was not sent."""
        return ", ".join(self.every(name))

    @property
    def text(self) -> str:
        """The body as text."""
        return self.body.decode("utf-8", "replace")

    @property
    def json(self) -> Any:
        """The body as JSON; None when it is none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    def at(self, *steps: str | int) -> Any:
        """Return what stands in the JSON under ``steps``; empty text when nothing does."""
        found = self.json
        try:
            for step in steps:
                found = found[step]
        except (LookupError, TypeError):
            return ""
        return found

    @property
    def code(self) -> str:
        """The code of the problem that it is; empty when it is none."""
        return str(self.at("code"))


@dataclass(frozen=True, slots=True)
class Someone:
    """A disposable person who is logged in, and their household; both go when the run ends."""

    email: str
    password: str
    id: str
    household: str
    access_token: str
    refresh_token: str

    @property
    def home(self) -> str:
        """The address that the routes of their household begin with."""
        return f"/api/v1/households/{self.household}"


@dataclass(frozen=True, slots=True)
class Ran:
    """How a command of the program ended."""

    code: int
    out: str
    err: str


class Installation(Protocol):
    """The inside of an installation: only there where ``certify`` runs beside it."""

    @property
    def package(self) -> Path:
        """The folder of the program's own files."""
        ...

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment that the program was started with; it holds secrets."""
        ...

    def setting(self, name: str) -> Any:
        """Return the value of the setting called ``SOLVENT_…`` as the program runs with it."""
        ...

    async def rows(self, query: str, *arguments: object) -> Sequence[Mapping[str, Any]]:
        """Ask the database, in a transaction that can change nothing."""
        ...

    async def refusal_of(self, statement: str, *arguments: object) -> str:
        """Try ``statement`` as the application's role, and undo it; return how it was refused.

        Returns the SQLSTATE, or nothing when it was let through.
        """
        ...

    def declared(self, name: str) -> Sequence[str]:
        """Return what the program's metadata declares under ``name``, such as ``Requires-Dist``."""
        ...

    async def command(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
        """Run ``solvent`` with ``arguments`` in an empty folder, with ``environ`` and nothing else."""
        ...


class Bench(Protocol):
    """What a probe works with; whatever is asked and held on it becomes evidence."""

    @property
    def url(self) -> str:
        """Where the installation answers, without a slash at the end."""
        ...

    @property
    def clock(self) -> Clock:
        """What time it is."""
        ...

    @property
    def installation(self) -> Installation:
        """The inside; :class:`Unproved` where only the outside can be reached."""
        ...

    async def send(
        self,
        method: str,
        path: str,
        *,
        by: Someone | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Answer:
        """Send a request, with the token of ``by``; redirects are not followed, cookies not kept.

        ``file`` is a name and what it holds, sent as the field ``file`` of a form.
        """
        ...

    async def get(
        self, path: str, *, by: Someone | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a GET."""
        ...

    async def wire(self, *parts: bytes) -> Answer:
        """Send raw bytes on a connection of their own and return the head of what comes back."""
        ...

    async def someone(self) -> Someone:
        """Return a disposable person that probes share: change nothing about them."""
        ...

    async def newcomer(self, password: str = "") -> Someone:
        """Make a disposable person of this probe's own, with a password of theirs unless given."""
        ...

    async def log_in(self, who: Someone) -> Someone:
        """Log ``who`` in once more and return them with the new tokens."""
        ...

    def hold(self, statement: str, truth: object, got: object = "") -> bool:
        """Hold that ``truth`` is true; ``got`` is what was seen."""
        ...

    def equal(self, what: str, got: object, wanted: object) -> bool:
        """Hold that ``got`` equals ``wanted``."""
        ...

    def within(
        self,
        what: str,
        figure: float,
        unit: str,
        *,
        least: float | None = None,
        most: float | None = None,
    ) -> bool:
        """Hold that a measured ``figure`` lies within its limits, both included."""
        ...

    def note(self, what: str, got: object = "") -> None:
        """Keep something worth knowing that proves nothing by itself."""
        ...


Run: TypeAlias = Callable[[Bench], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Probe:
    """The proof of one claim, by its id."""

    claim: str
    kind: Kind
    run: Run
    needs: frozenset[Need] = frozenset()


@dataclass(frozen=True, slots=True)
class _Proving:
    """Makes a probe of a coroutine: ``@live_probe("auth-logout-ends-session")``."""

    kind: Kind
    always: frozenset[Need]

    def __call__(self, claim: str, *needs: Need) -> Callable[[Run], Probe]:
        return lambda run: Probe(claim, self.kind, run, self.always.union(needs))


live_probe = _Proving(Kind.LIVE, frozenset())
config_check = _Proving(Kind.CONFIG, frozenset({Need.INSTALLATION}))
static_scan = _Proving(Kind.SCAN, frozenset({Need.INSTALLATION}))
load_test = _Proving(Kind.LOAD, frozenset({Need.TIME}))
drill = _Proving(Kind.DRILL, frozenset({Need.INSTALLATION, Need.DRILLS}))
