"""The ways into an account: the password, sessions, the links of letters, and closing it."""

import asyncio
import re
from email import message_from_bytes, policy
from urllib.parse import urlsplit

from playwright.async_api import Browser, expect

from solvent.notifications.carriers.file import FOLDER
from tests.browser.test_sign_in import TODAY, log_out, looked_at, press
from tests.browser.visits import PASSWORD, Visit, visiting
from tests.served import Served

NEW = "tulip lamp seventeen"
PATIENCE_S = 30.0
LINK = re.compile(r"https?://\S+/(?:verify|reset|change-address)\?token=\S+")


async def link(solvent: Served, email: str, page: str) -> str:
    """Wait for a letter to ``email`` whose link leads to ``page``; return the link's path."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            for path in (solvent.data / FOLDER).glob("*.eml"):
                letter = message_from_bytes(path.read_bytes(), policy=policy.default)
                body = letter.get_body(("plain",))
                found = LINK.search(body.get_content() if body else "")
                if found and email in str(letter["to"]) and f"/{page}?" in found[0]:
                    parts = urlsplit(found[0])
                    return f"{parts.path}?{parts.query}"
            await asyncio.sleep(0.1)


async def type_new_password(visit: Visit, old: str) -> None:
    page = visit.page
    await page.get_by_label("Password so far").fill(old)
    await page.get_by_label("New password").fill(NEW)
    await press(page, "Change password")


async def test_a_password_is_changed_and_another_session_ended(
    guest: Visit, chromium: Browser
) -> None:
    page = guest.page
    email = await guest.sign_up()
    async with visiting(chromium, guest.url, user_agent="curl/8.14.1") as other:
        await other.log_in(email, PASSWORD)
        await guest.go("settings/security")
        await looked_at(guest, "security")
        await press(page, "End curl")
        await expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
            "session has ended"
        )
        await other.go("today")
        await expect(other.page).to_have_url(re.compile("/log-in"))

        guest.expected.add(422)
        await type_new_password(guest, "not this one")
        await expect(page.get_by_label("Password so far")).to_have_attribute("aria-invalid", "true")
        await looked_at(guest, "security-wrong")
        await type_new_password(guest, PASSWORD)
        await expect(page.get_by_role("main").get_by_role("status")).to_contain_text(
            "The password is changed"
        )
        await log_out(guest)
        await guest.log_in(email, NEW)


async def test_a_forgotten_password_is_chosen_anew_by_the_link_of_a_letter(
    guest: Visit, solvent: Served
) -> None:
    page = guest.page
    email = await guest.sign_up()
    await log_out(guest)
    await page.goto(f"{guest.url}/forgot")
    await looked_at(guest, "forgot")
    await page.get_by_label("E-mail").fill(email)
    await press(page, "Send the letter")
    await expect(page.get_by_role("main").get_by_role("status")).to_be_visible()
    await looked_at(guest, "forgot-sent")
    await page.goto(guest.url + await link(solvent, email, "reset"))
    await looked_at(guest, "reset")
    await page.get_by_label("New password").fill(NEW)
    await press(page, "Choose it")
    await expect(page).to_have_url(f"{guest.url}/log-in")
    await guest.log_in(email, NEW)


async def test_an_address_is_verified_changed_and_the_account_closed(
    guest: Visit, solvent: Served
) -> None:
    page = guest.page
    email = await guest.sign_up()
    new = f"new-{email}"
    await page.goto(guest.url + await link(solvent, email, "verify"))
    await looked_at(guest, "verify")
    await press(page, "Confirm")
    await expect(page).to_have_url(TODAY)
    await guest.go("settings/security")
    await expect(page.get_by_text("verified", exact=True)).to_be_visible()
    await page.get_by_label("New address").fill(new)
    await press(page, "Change address")
    await looked_at(guest, "security-address")
    await page.goto(guest.url + await link(solvent, new, "change-address"))
    await looked_at(guest, "change-address")
    await press(page, "Confirm")
    await guest.go("settings/security")
    await expect(page.get_by_text(new, exact=True)).to_be_visible()

    await page.get_by_role("textbox", name="Password", exact=True).fill(PASSWORD)
    await press(page, "Close my account for good")
    await expect(page).to_have_url(f"{guest.url}/log-in")
    guest.expected.add(401)
    await page.get_by_label("E-mail").fill(new)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.locator("form button.is-main").click()
    await expect(page.get_by_role("main").get_by_role("alert")).to_be_visible()
