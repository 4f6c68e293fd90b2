"""Every probe can fail: something is broken, and the probe sees it."""

from collections.abc import AsyncGenerator, Callable, Generator
from typing import Final, cast

import pytest
from fastapi import FastAPI

from solvent.entrypoints.asgi import create_app
from solvent.entrypoints.probing import PROBES
from solvent.readiness.domain import Outcome
from solvent.readiness.probes.config import production
from solvent.runtime.settings import load
from solvent.runtime.systemclock import SystemClock
from tests.database.breaks import BREAKS
from tests.database.probing import Probed, probed
from tests.database.servers import Server
from tests.tampering import Tampered

CHANGED: Final = {
    "SOLVENT_RATE_ACCOUNT": "60/minute",
    "SOLVENT_RATE_AUTH": "5/30seconds",
    "SOLVENT_HTTP_ALLOWED_ORIGINS": "https://books.example",
}
"""Limits that are reached soon; what is no proof of them shows a pass."""


@pytest.fixture(scope="module")
def probed_name(servers: Callable[[str], Server]) -> Generator[str, None, None]:
    """A database of these tests' own: what other tests are connected to cannot be copied."""
    server = servers("embedded-18")
    name = server.migrated()
    yield name
    server.drop(name)


@pytest.fixture(scope="module")
async def probed_installation(
    servers: Callable[[str], Server],
    probed_name: str,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,
) -> AsyncGenerator[Probed, None]:
    """One application for all probes of this module: they only make people of their own."""
    assert anyio_backend
    server, folder = servers("embedded-18"), tmp_path_factory.mktemp("probed")
    environ = production(SOLVENT_DATA_DIR=str(folder), SOLVENT_PUBLIC_URL="https://localhost")
    settings = load(environ | CHANGED).settings
    assert settings is not None
    address = server.address(probed_name)
    app = create_app(settings, address)
    inside = cast("FastAPI", app.app)
    async with inside.router.lifespan_context(inside):
        lent = probed(Tampered(app), settings, address, SystemClock(), environ)
        lent.inside.folder = folder / "program"
        yield lent


@pytest.mark.parametrize(
    ("claim", "number"), [(claim, at) for claim in BREAKS for at in range(len(BREAKS[claim]))]
)
async def test_a_probe_sees_what_is_broken(
    probed_installation: Probed, claim: str, number: int
) -> None:
    verdict = await probed_installation.verdict(claim, BREAKS[claim][number])
    assert verdict.outcome is Outcome.FAILED, (verdict.reason, verdict.evidence)


@pytest.mark.parametrize("claim", sorted(BREAKS))
async def test_a_probe_proves_what_is_whole(probed_installation: Probed, claim: str) -> None:
    verdict = await probed_installation.verdict(claim)
    shown = [step for step in verdict.evidence if step.held is False]
    wanted = {Outcome.PROVED, Outcome.NOT_APPLICABLE}
    assert verdict.outcome in wanted, (verdict.outcome, verdict.reason, shown)


def test_every_probe_is_seen_to_fail() -> None:
    assert {probe.claim for probe in PROBES} == set(BREAKS)
