"""What every lane needs: one event loop kind, and a clock that tests move."""

from datetime import UTC, datetime

import pytest

from tests.clocks import HandMovedClock


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


@pytest.fixture
def clock() -> HandMovedClock:
    return HandMovedClock(datetime(2026, 3, 15, 12, 0, tzinfo=UTC))
