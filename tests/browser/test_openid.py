"""Somebody links the account of a provider, logs in with it and signs up with another."""

import os
import re
import socket
import subprocess
import sys
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.test_places import SETTLED, axe
from tests.browser.visits import visiting
from tests.served import Served, folder_to_serve, free_port

READY_TIMEOUT_S = 30
USERS = (
    '{"sub": "alma", "email": "alma@elsewhere.example", "email_verified": true}',
    '{"sub": "nora", "email": "nora@elsewhere.example", "email_verified": true}',
)


@contextmanager
def provider() -> Generator[str, None, None]:
    """Run a provider in a process of its own, and lend its address."""
    port = free_port()
    command = [sys.executable, "-W", "ignore", "-m", "oidc_provider_mock", "--port", str(port)]
    for user in USERS:
        command += ["--user-claims", user]
    quiet = subprocess.DEVNULL
    with subprocess.Popen(command, stdout=quiet, stderr=quiet, env=dict(os.environ)) as process:
        try:
            end = time.monotonic() + READY_TIMEOUT_S
            while process.poll() is None and time.monotonic() < end:
                with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                    break
                time.sleep(0.1)
            yield f"http://localhost:{port}"
        finally:
            process.kill()


@pytest.fixture(scope="module")
def linked_solvent() -> Generator[Served, None, None]:
    """A Solvent that knows a provider."""
    with provider() as issuer, folder_to_serve() as folder:
        served = Served(
            folder,
            settings={
                "SOLVENT_OIDC_ISSUER": issuer,
                "SOLVENT_OIDC_CLIENT_ID": "solvent",
                "SOLVENT_OIDC_CLIENT_SECRET": "a secret of the test",
                "SOLVENT_OIDC_LABEL": "Elsewhere",
                "SOLVENT_OIDC_ALLOW_REGISTRATION": "true",
            },
        )
        try:
            served.start()
            yield served
            assert served.stop() == 0, served.tail()
        finally:
            served.kill()


async def vouch(page: Page, subject: str) -> None:
    """Log in at the provider as ``subject``."""
    await page.locator(f'button[value="{subject}"]').first.click()


async def test_a_linked_account_is_a_way_in(linked_solvent: Served, chromium: Browser) -> None:
    url = linked_solvent.url
    async with visiting(chromium, url, bypass_csp=True) as visit:
        page = visit.page
        await visit.sign_up()
        await visit.go("settings")
        await page.get_by_role("link", name="Linked accounts").click()
        await page.get_by_role("button", name="Link Elsewhere").click()
        await page.get_by_role("link", name="Go on to Elsewhere").click()
        await vouch(page, "alma")
        await expect(page.get_by_text("alma@elsewhere.example").first).to_be_visible()
        await page.wait_for_function(SETTLED)
        assert await axe(page) == []
        await visit.context.clear_cookies()
        await page.goto(f"{url}/log-in")
        assert await axe(page) == []
        await page.get_by_role("link", name="Log in with Elsewhere").click()
        await vouch(page, "alma")
        await expect(page).to_have_url(re.compile(rf"{visit.home}/today$"))
        await visit.go("settings/linked")
        await page.get_by_role("button", name="Unlink").click()
        await expect(page.get_by_text("Nothing is linked.")).to_be_visible()


async def test_somebody_new_signs_up_through_the_provider(
    linked_solvent: Served, chromium: Browser
) -> None:
    async with visiting(chromium, linked_solvent.url) as visit:
        page = visit.page
        await page.goto(f"{linked_solvent.url}/log-in")
        await page.get_by_role("link", name="Log in with Elsewhere").click()
        await vouch(page, "nora")
        await expect(page.get_by_text("nora@elsewhere.example")).to_be_visible()
        await page.get_by_label("Name").fill("Nora Example")
        await page.get_by_label("Household").fill("Home")
        await page.get_by_role("button", name="Sign up").click()
        await expect(page).to_have_url(re.compile(r"/h/[0-9a-f-]{36}/today$"))
        assert not [each for each in visit.wrong if "/oauth2/" not in each]
