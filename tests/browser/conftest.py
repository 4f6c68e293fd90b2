"""One real Solvent and one real Chromium for all journeys; each test has a browser's profile of its own."""

import shutil
from collections.abc import AsyncGenerator, Generator

import pytest
from playwright.async_api import Browser, async_playwright

from tests.browser.visits import SIZES, Visit, visiting
from tests.served import Served, folder_to_serve

CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = ("--no-sandbox", "--disable-background-networking", "--disable-gpu")


@pytest.fixture(scope="session")
def solvent() -> Generator[Served, None, None]:
    """A Solvent with the demonstration household, stopped in order afterwards."""
    with folder_to_serve() as folder:
        served = Served(folder, demo=True)
        try:
            served.start()
            yield served
            code = served.stop()
            assert code == 0, served.tail()
        finally:
            served.kill()


@pytest.fixture(scope="session")
async def chromium(anyio_backend: str) -> AsyncGenerator[Browser, None]:
    assert anyio_backend
    if shutil.which(CHROMIUM) is None:
        pytest.fail("Chromium is missing: run tools/system-packages.sh", pytrace=False)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield browser
        await browser.close()


@pytest.fixture
async def visit(solvent: Served, chromium: Browser) -> AsyncGenerator[Visit, None]:
    """Somebody at a browser; whatever went wrong that the test did not expect fails it."""
    async with visiting(chromium, solvent.url) as visit:
        yield visit
        assert not visit.wrong, "\n".join(visit.wrong)


@pytest.fixture(params=sorted(SIZES))
async def guest(
    request: pytest.FixtureRequest, solvent: Served, chromium: Browser
) -> AsyncGenerator[Visit, None]:
    """Somebody at a phone or a desk; axe is let in, which the page's policy would not."""
    width, height = SIZES[request.param]
    viewport = {"width": width, "height": height}
    async with visiting(
        chromium, solvent.url, viewport=viewport, bypass_csp=True, reduced_motion="reduce"
    ) as visit:
        yield visit
        assert not visit.wrong, "\n".join(visit.wrong)
