"""Every probe can fail: something is broken, and the probe sees it."""

from collections.abc import AsyncGenerator, Callable
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

RATES: Final = {
    "SOLVENT_RATE_AUTH": "10000/minute",
    "SOLVENT_RATE_LOGIN": "10000/minute",
    "SOLVENT_RATE_IP": "100000/minute",
    "SOLVENT_RATE_ACCOUNT": "100000/minute",
}
NEEDS_LIMITS: Final = {"auth-account-lockout"}
"""Proved where limits are as they come, in the certification of a whole installation."""


@pytest.fixture(scope="module")
async def probed_installation(
    servers: Callable[[str], Server],
    shared_name: str,
    tmp_path_factory: pytest.TempPathFactory,
    anyio_backend: str,
) -> AsyncGenerator[Probed, None]:
    """One application for all probes of this module: they only make people of their own."""
    assert anyio_backend
    server, folder = servers("embedded-18"), tmp_path_factory.mktemp("probed")
    environ = production(SOLVENT_DATA_DIR=str(folder), SOLVENT_PUBLIC_URL="https://localhost")
    settings = load(environ | RATES).settings
    assert settings is not None
    async with server.cloned(shared_name) as name:
        address = server.address(name)
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


@pytest.mark.parametrize("claim", sorted(BREAKS.keys() - NEEDS_LIMITS))
async def test_a_probe_proves_what_is_whole(probed_installation: Probed, claim: str) -> None:
    verdict = await probed_installation.verdict(claim)
    shown = [step for step in verdict.evidence if step.held is False]
    wanted = {Outcome.PROVED, Outcome.NOT_APPLICABLE}
    assert verdict.outcome in wanted, (verdict.outcome, verdict.reason, shown)


def test_every_probe_is_seen_to_fail() -> None:
    assert {probe.claim for probe in PROBES} == set(BREAKS)
