"""An installation to probe: one application, its tamperable outside and its pretended inside."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx2

from solvent.entrypoints.certifying import PROGRAM
from solvent.entrypoints.probing import probes_by_claim
from solvent.kernel.clock import Clock
from solvent.kernel.probe import Need
from solvent.readiness.bench import WorkBench
from solvent.readiness.catalogue import catalogue
from solvent.readiness.domain import Verdict
from solvent.readiness.inside import Inside
from solvent.readiness.operations.certify_installation import Commission, certify_installation
from solvent.readiness.people import People
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.settinggroups import Settings
from tests.tampering import Tamper, Tampered, untouched


@dataclass(frozen=True)
class Break:
    """What is broken about an installation: what it answers, or what its inside says."""

    outside: Tamper = untouched
    settings: Mapping[str, object] = field(default_factory=dict[str, object])
    rows: Sequence[Mapping[str, Any]] | None = None
    lets_through: bool = False
    command: Mapping[str, Any] = field(default_factory=dict[str, Any])


class Pretended(Inside):
    """The inside of an installation, where a test says otherwise."""

    broken = Break()

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

    async def verdict(self, claim: str, broken: Break | None = None) -> Verdict:
        """Return what the probe of ``claim`` finds, with something broken or nothing."""
        bench = WorkBench(self.client, clock=self.clock, people=self.people, inside=self.inside)
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


def probed(
    tampered: Tampered, settings: Settings, address: DatabaseAddress, clock: Clock
) -> Probed:
    """Return the installation behind ``tampered``, reached as HTTPS on localhost."""
    client = httpx2.AsyncClient(
        transport=httpx2.ASGITransport(tampered), base_url="https://localhost"
    )
    inside = Pretended(settings, address, program=PROGRAM)
    return Probed(client, tampered, inside, People(client), clock)
