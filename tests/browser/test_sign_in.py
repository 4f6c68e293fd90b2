"""Signing in with more than a password: codes and passkeys, as people set them up and use them."""

import re
import time
from pathlib import Path

from playwright.async_api import Page, expect
from pyotp.totp import TOTP

from tests.browser.test_places import SETTLED, axe, overflow
from tests.browser.visits import PASSWORD, Visit

SCREENSHOTS = Path(__file__).parents[2] / "test-results/screenshots"
NOT_BY_ITSELF = "PublicKeyCredential.isConditionalMediationAvailable = async () => false;"
TODAY = re.compile(r"/h/[0-9a-f-]{36}/today$")


async def looked_at(visit: Visit, name: str) -> None:
    """Picture the page, and expect nothing of axe."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page = visit.page
    await page.wait_for_function(SETTLED)
    width = (page.viewport_size or {"width": 0})["width"]
    await page.screenshot(path=SCREENSHOTS / f"{name}-{width}.png", full_page=True)
    assert not await axe(page) + await overflow(page)


async def press(page: Page, name: str) -> None:
    await page.get_by_role("main").get_by_role("button", name=name).click()


async def log_out(visit: Visit) -> None:
    await visit.go("settings")
    await press(visit.page, "Log out")
    await expect(visit.page).to_have_url(f"{visit.url}/log-in")


async def type_password(visit: Visit, email: str) -> None:
    page = visit.page
    await page.goto(f"{visit.url}/log-in")
    await page.get_by_label("E-mail").fill(email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("form button.is-main").click()


async def test_an_authenticator_is_set_up_and_asked_for(guest: Visit) -> None:
    page = guest.page
    email = await guest.sign_up()
    await guest.go("settings/sign-in")
    await looked_at(guest, "sign-in")
    await press(page, "Set up")
    await expect(page.get_by_role("img", name="QR code of the key")).to_be_visible()
    await looked_at(guest, "sign-in-set-up")
    codes = TOTP(await page.locator(".key-text").inner_text())
    await page.get_by_label("Code").fill(codes.at(int(time.time())))
    await press(page, "Turn on")
    await expect(page.locator(".codes li")).to_have_count(10)
    await looked_at(guest, "sign-in-codes")
    recovery = await page.locator(".codes li").first.inner_text()
    await page.get_by_role("link", name="I have kept them").click()
    await expect(page.get_by_role("main")).to_contain_text("10 recovery codes left")

    await log_out(guest)
    await type_password(guest, email)
    await expect(page.get_by_role("heading", name="One more step")).to_be_visible()
    await looked_at(guest, "second-step")
    await page.get_by_label("One-time code").fill(recovery)
    await press(page, "Log in")
    await expect(page).to_have_url(TODAY)
    await guest.go("settings/sign-in")
    await expect(page.get_by_role("main")).to_contain_text("9 recovery codes left")
    await press(page, "Turn off")
    await expect(page.get_by_role("button", name="Set up")).to_be_visible()


async def with_authenticator(visit: Visit) -> None:
    """Plug a device in that makes passkeys and knows its owner's finger."""
    devtools = await visit.context.new_cdp_session(visit.page)
    await devtools.send("WebAuthn.enable", {"enableUI": False})
    await devtools.send(
        "WebAuthn.addVirtualAuthenticator",
        {
            "options": {
                "protocol": "ctap2",
                "ctap2Version": "ctap2_1",
                "transport": "internal",
                "hasResidentKey": True,
                "hasUserVerification": True,
                "isUserVerified": True,
                "automaticPresenceSimulation": True,
            }
        },
    )


async def test_a_passkey_is_made_named_used_and_removed(guest: Visit) -> None:
    page = guest.page
    await guest.sign_up()
    await with_authenticator(guest)
    await guest.go("settings/sign-in")
    await page.get_by_label("Name of the new passkey").fill("Laptop")
    await press(page, "Add a passkey")
    name = page.locator('input[name="name"][value="Laptop"]')
    await expect(name).to_be_visible()
    await looked_at(guest, "sign-in-passkey")
    await name.fill("My laptop")
    await press(page, "Save Laptop")
    await expect(page.locator('input[value="My laptop"]')).to_be_visible()

    # The device answers by itself when the page offers its passkeys beside the address …
    await guest.go("settings")
    await press(page, "Log out")
    await expect(page).to_have_url(TODAY)
    # … and otherwise when it is asked.
    await page.add_init_script(NOT_BY_ITSELF)
    await log_out(guest)
    await looked_at(guest, "log-in-passkey")
    await press(page, "Log in with a passkey")
    await expect(page).to_have_url(TODAY)
    await guest.go("settings/sign-in")
    await expect(page.get_by_role("main")).to_contain_text("last used")
    await press(page, "Remove My laptop")
    await expect(page.locator('input[value="My laptop"]')).to_have_count(0)
