"""Operators at their pages: granted on the command line, let in with two factors, heeded at once."""

import re
import time

import pytest
from anyio import run_process
from playwright.async_api import Browser, Locator, expect
from pyotp.totp import TOTP

from tests.browser.test_places import SCREENSHOTS, SETTLED, axe, overflow
from tests.browser.visits import PASSWORD, SIZES, Visit, visiting
from tests.served import SOLVENT, Served, without_settings

PAGES = ("", "/people", "/households", "/events", "/jobs")
LANGUAGES = {"phone": "de-DE", "desk": "en-GB"}
STEP_S = 30
TODAY = re.compile(r"/h/[0-9a-f-]{36}/today$")
MONEY = re.compile(r"[€$£]|EUR")


def does(visit: Visit, what: str) -> Locator:
    """Return the button of the form that does ``what``."""
    form = visit.page.locator("main form", has=visit.page.locator(f'input[value="{what}"]'))
    return form.locator("button")


async def become_operator(visit: Visit, solvent: Served) -> None:
    """Sign up, be granted it on the command line, and log in with a code of an authenticator."""
    email = await visit.sign_up("Olga Operator")
    await run_process(
        [SOLVENT, "person", "operator", email, "--grant", "--data-dir", solvent.data],
        env=without_settings(),
    )
    page = visit.page
    visit.expected.add(404)
    await page.goto(f"{visit.url}/operator")
    await expect(page.locator("h1")).to_be_visible()
    assert "Olga Operator" not in await page.content()
    visit.expected.clear()
    await visit.go("settings/sign-in")
    await does(visit, "set_up").click()
    codes = TOTP(await page.locator(".key-text").inner_text())
    await page.locator('input[name="code"]').fill(codes.at(int(time.time()) - STEP_S))
    await does(visit, "confirm").click()
    await expect(page.locator(".codes li")).to_have_count(10)
    await visit.go("settings")
    await does(visit, "log_out").click()
    await type_password(visit, email)
    await page.locator('input[name="code"]').fill(codes.at(int(time.time())))
    await page.locator("form button.is-main").click()
    await expect(page).to_have_url(TODAY)


async def type_password(visit: Visit, email: str) -> None:
    page = visit.page
    await expect(page).to_have_url(re.compile("/log-in"))
    await page.locator('input[name="email"]').fill(email)
    await page.locator('input[name="password"]').fill(PASSWORD)
    await page.locator("form button.is-main").click()


async def looked_at(visit: Visit, size: str) -> list[str]:
    """Picture every page, and return what is wrong there."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    found: list[str] = []
    for path in PAGES:
        await visit.page.goto(f"{visit.url}/operator{path}")
        await visit.page.wait_for_function(SETTLED)
        name = f"operator{path.replace('/', '-')}-{size}.png"
        await visit.page.screenshot(path=SCREENSHOTS / name)
        said = await visit.page.locator("main").inner_text()
        faults = [*await axe(visit.page), *await overflow(visit.page), *MONEY.findall(said)]
        found += [f"{path}: {each}" for each in faults]
    return found


@pytest.mark.parametrize("size", SIZES)
async def test_an_operator_looks_around_and_disables_somebody(
    solvent: Served, chromium: Browser, size: str
) -> None:
    width, height = SIZES[size]
    async with (
        visiting(
            chromium,
            solvent.url,
            viewport={"width": width, "height": height},
            locale=LANGUAGES[size],
            bypass_csp=True,
            reduced_motion="reduce",
        ) as operator,
        visiting(chromium, solvent.url) as guest,
    ):
        email = await guest.sign_up("Bruno Example")
        await expect(guest.page.locator('a[href="/operator"]')).to_have_count(0)
        await become_operator(operator, solvent)
        if size == "phone":
            await operator.page.locator('button[popovertarget="more"]').click()
        await operator.page.locator('a[href="/operator"]:visible').click()
        await expect(operator.page.locator("main.main-operator h1")).to_be_visible()
        assert not await looked_at(operator, size)

        await operator.page.goto(f"{solvent.url}/operator/people?search={email}")
        await does(operator, "disabled").click()
        await expect(operator.page.locator(".badge.is-bad")).to_have_count(1)
        await guest.go("today")
        guest.expected.add(403)
        await type_password(guest, email)
        await expect(guest.page.get_by_role("alert")).to_contain_text("disabled by the operator")
        await does(operator, "enabled").click()
        await expect(operator.page.locator(".badge.is-bad")).to_have_count(0)
        await type_password(guest, email)
        await expect(guest.page).to_have_url(TODAY)
        assert not operator.wrong + guest.wrong
