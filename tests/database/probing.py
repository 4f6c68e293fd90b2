"""An installation to probe: one application, its tamperable outside and its pretended inside."""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from shutil import rmtree
from typing import Any

import httpx2

from solvent.entrypoints.certifying import PROGRAM
from solvent.entrypoints.probing import probes_by_claim
from solvent.kernel.clock import Clock
from solvent.kernel.probe import Answer, Need, Ran
from solvent.readiness.bench import WorkBench
from solvent.readiness.catalogue import catalogue
from solvent.readiness.domain import Verdict
from solvent.readiness.inside import Inside
from solvent.readiness.operations.certify_installation import Commission, certify_installation
from solvent.readiness.people import People
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.door.passes import HEADER as PASS_HEADER
from solvent.runtime.door.passes import issue_pass
from solvent.runtime.settinggroups import Settings
from tests.tampering import Tamper, Tampered, untouched


@dataclass(frozen=True)
class Break:
    """What is broken about an installation: what it answers, or what its inside says."""

    outside: Tamper = untouched
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    environ: Mapping[str, str] = field(default_factory=dict[str, str])
    rows: Sequence[Mapping[str, Any]] | None = None
    lets_through: bool = False
    ran: Ran | None = None
    files: Mapping[str, str] = field(default_factory=dict[str, str])
    wire: Answer | None = None
    declared: Mapping[str, list[str]] = field(default_factory=dict[str, list[str]])


class Pretended(Inside):
    """The inside of an installation, where a test says otherwise."""

    broken = Break()
    folder = Path()

    @property
    def package(self) -> Path:
        """Return a folder with the pretended files, else that of the program."""
        rmtree(self.folder, ignore_errors=True)
        for name, text in self.broken.files.items():
            (self.folder / name).parent.mkdir(parents=True, exist_ok=True)
            (self.folder / name).write_text(text)
        return self.folder if self.broken.files else super().package

    @property
    def environ(self) -> Mapping[str, str]:
        """Return the environment with what is pretended."""
        return {**super().environ, **self.broken.environ}

    def declared(self, name: str) -> list[str]:
        """Return what the metadata is pretended to declare, else what it does."""
        return self.broken.declared.get(name) or super().declared(name)

    async def command(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
        """Return how a command is pretended to end, else how it ends."""
        if self.broken.ran is not None:
            return self.broken.ran
        return await super().command(*arguments, environ=environ)

    def setting(self, name: str) -> Any:
        """Return what is pretended, else what is set."""
        return self.broken.settings.get(name) or super().setting(name)

    async def rows(self, query: str, *arguments: object) -> Sequence[Mapping[str, Any]]:
        """Return pretended rows, else those that there are."""
        found = await super().rows(query, *arguments)
        return found if self.broken.rows is None else self.broken.rows

    async def refusal_of(self, statement: str, *arguments: object) -> str:
        """Pretend that the database lets everything through."""
        found = await super().refusal_of(statement, *arguments)
        return "" if self.broken.lets_through else found


@dataclass(frozen=True)
class Probed:
    """One installation; ``verdict`` runs the probe of a claim on it."""

    client: httpx2.AsyncClient
    tampered: Tampered
    inside: Pretended
    people: People
    clock: Clock

    def bench(self) -> WorkBench:
        """Return a bench on this installation; what it sends raw ends in the application too."""

        async def wire(_: httpx2.URL, parts: Sequence[bytes]) -> Answer:
            return self.inside.broken.wire or await raw(self.client, parts, self.people.pass_())

        return WorkBench(
            self.client,
            clock=self.clock,
            people=self.people,
            inside=self.inside,
            pass_=self.people.pass_,
            wire=wire,
        )

    async def verdict(self, claim: str, broken: Break | None = None) -> Verdict:
        """Return what the probe of ``claim`` finds, with something broken or nothing."""
        bench = self.bench()
        wanted = [each for each in catalogue() if each.id == claim]
        commission = Commission(wanted, probes_by_claim(), frozenset(Need))
        await self.people.shared()
        self.inside.broken = broken or Break()
        self.tampered.tamper = self.inside.broken.outside
        try:
            found = certify_installation(bench, commission=commission)
            return await anext(aiter(found))
        finally:
            self.inside.broken, self.tampered.tamper = Break(), untouched


async def raw(client: httpx2.AsyncClient, parts: Sequence[bytes], shown: str) -> Answer:
    """Send raw bytes as the request that they are, with a pass beside."""
    head, _, rest = b"".join(parts).partition(b"\r\n\r\n")
    first, *lines = head.decode().splitlines()
    method, path, _ = first.split()
    headers = {PASS_HEADER: shown} | dict(line.split(": ", 1) for line in lines)
    chunked = headers.pop("Transfer-Encoding", "") == "chunked"

    async def body() -> AsyncIterator[bytes]:
        yield rest

    content = body() if chunked else rest
    got = await client.request(method, path, headers=headers, content=content)
    return Answer(got.status_code, tuple(got.headers.items()), got.content)


def probed(
    tampered: Tampered,
    settings: Settings,
    address: DatabaseAddress,
    clock: Clock,
    environ: Mapping[str, str],
) -> Probed:
    """Return the installation behind ``tampered``, reached as HTTPS on localhost."""
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(tampered), base_url="https://localhost"
    )
    inside = Pretended(settings, address, environ=environ, program=PROGRAM)
    people = People(client, lambda: issue_pass(settings.secrets.keys, clock.now()))
    return Probed(client, tampered, inside, people, clock)
