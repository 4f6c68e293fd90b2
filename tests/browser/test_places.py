"""Every place as people see it: on a phone and at a desk, light and dark, full and empty, in German."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any, Literal

import pytest
from playwright.async_api import Browser, Page

from tests.browser.visits import SIZES, Visit, visiting
from tests.served import Served

REPOSITORY = Path(__file__).parents[2]
AXE = REPOSITORY / "frontend/node_modules/axe-core/axe.min.js"
SCREENSHOTS = REPOSITORY / "test-results/screenshots"
PLACES = (
    "today",
    "transactions",
    "import",
    "accounts",
    "reports",
    "settings",
    "settings/security",
    "settings/tokens",
    "household/audit",
    "household/members",
    "settings/activity",
)
THEMES: tuple[Literal["light", "dark"], ...] = ("light", "dark")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ENGLISH = re.compile(
    r"\b(Today|Net worth|Balances|Needs you|so far|Import|Past imports|Accounts|Add an account|Reports"
    r"|Spending|Settings|Display|Household|Sessions|You|Start with|Transactions|Log in|Keep books"
    r"|Access tokens|Make one|Members|Invite somebody)\b"
)
SETTLED = """() => document.getAnimations().every((each) => each.playState !== "running")
    && document.fonts.status === "loaded" && !document.querySelector(".is-loading")"""


@asynccontextmanager
async def household(
    browser: Browser, solvent: Served, whose: str, **profile: Any
) -> AsyncGenerator[Visit, None]:
    """Visit the demonstration household, or a new and empty one."""
    async with visiting(browser, solvent.url, reduced_motion="reduce", **profile) as visit:
        if whose == "demo":
            await visit.log_in(*solvent.demonstration())
        else:
            await visit.sign_up()
        yield visit
        assert not visit.wrong, "\n".join(visit.wrong)


@pytest.mark.parametrize("whose", ["demo", "empty"])
@pytest.mark.parametrize("size", SIZES)
async def test_every_place_is_accessible_and_pictured(
    solvent: Served, chromium: Browser, whose: str, size: str
) -> None:
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    width, height = SIZES[size]
    found: list[str] = []
    viewport = {"width": width, "height": height}
    # The page's policy lets no foreign script in; axe is one.
    async with household(chromium, solvent, whose, viewport=viewport, bypass_csp=True) as visit:
        for place in PLACES:
            await visit.go(place)
            for theme in THEMES:
                await visit.page.emulate_media(color_scheme=theme)
                await visit.page.wait_for_function(SETTLED)
                await visit.page.screenshot(
                    path=SCREENSHOTS / f"{whose}-{place.replace('/', '-')}-{size}-{theme}.png"
                )
                found += [f"{place} {theme}: {each}" for each in await axe(visit.page)]
            found += [f"{place}: {each}" for each in await overflow(visit.page)]
    assert not found, "\n".join(found)


async def test_the_ways_in_are_accessible(solvent: Served, chromium: Browser) -> None:
    found: list[str] = []
    async with visiting(chromium, solvent.url, bypass_csp=True) as visit:
        for place in ("sign-up", "log-in"):
            for size, (width, height) in SIZES.items():
                await visit.page.set_viewport_size({"width": width, "height": height})
                await visit.page.goto(f"{solvent.url}/{place}")
                await visit.page.wait_for_function(SETTLED)
                await visit.page.screenshot(
                    path=SCREENSHOTS / f"{place.replace('/', '-')}-{size}-light.png"
                )
                found += [f"{place}: {each}" for each in await axe(visit.page)]
        assert not visit.wrong
    assert not found, "\n".join(found)


async def test_german_is_german_in_every_heading(solvent: Served, chromium: Browser) -> None:
    async with household(chromium, solvent, "empty", locale="de-DE") as visit:
        english: list[str] = []
        for place in PLACES:
            await visit.go(place)
            assert await visit.page.locator("html").get_attribute("lang") == "de"
            headings = await visit.page.locator("h1, h2, thead th, legend, nav a").all_inner_texts()
            english += [f"{place}: {each}" for each in headings if ENGLISH.search(each)]
        assert not english


async def axe(page: Page) -> list[str]:
    """Return what axe finds: the rule, and where."""
    if not await page.evaluate("'axe' in window"):
        await page.add_script_tag(path=AXE)
    answer = await page.evaluate(
        "(tags) => axe.run(document, {runOnly: {type: 'tag', values: tags}, resultTypes: ['violations']})",
        RULES,
    )
    return [
        f"{each['id']}: {each['help']}: {[node['html'][:160] for node in each['nodes'][:3]]}"
        for each in answer["violations"]
    ]


async def overflow(page: Page) -> list[str]:
    """Return whether the page is wider than its window."""
    wide: int = await page.evaluate(
        "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [f"{wide} px wider than the window"] if wide > 0 else []
