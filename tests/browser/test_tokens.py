"""Somebody lets a program in: makes a token, copies it once, sees it used, revokes it."""

import httpx2
from playwright.async_api import expect

from tests.browser.visits import Visit


async def test_a_token_is_made_copied_used_and_revoked(visit: Visit) -> None:
    await visit.sign_up()
    await visit.context.grant_permissions(["clipboard-read", "clipboard-write"], origin=visit.url)
    page = visit.page
    await visit.go("settings")
    await page.get_by_role("link", name="Access tokens").click()
    await expect(page.get_by_text("You have none.")).to_be_visible()
    await page.get_by_label("Name").fill("Evening report")
    await page.get_by_role("button", name="Make token").click()
    secret = page.locator("#made-token")
    token = await secret.input_value()
    await page.get_by_role("button", name="Copy").click()
    await expect(page.locator("#toasts")).to_contain_text("Copied.")
    assert await page.evaluate("() => navigator.clipboard.readText()") == token
    bearer = {"authorization": f"Bearer {token}"}
    async with httpx2.AsyncClient(base_url=visit.url, headers=bearer) as program:
        me = await program.get("/api/v1/me")
        assert me.json()["person"]["name"] == "Alma Example"
        await visit.go("settings/tokens")
        await expect(secret).to_have_count(0)
        await expect(page.get_by_text("last used")).to_be_visible()
        await page.get_by_role("button", name="Revoke").click()
        await expect(page.get_by_text("You have none.")).to_be_visible()
        assert (await program.get("/api/v1/me")).status_code == 401


async def test_a_refused_token_says_why_at_its_field(visit: Visit) -> None:
    visit.expected.add(422)
    await visit.sign_up()
    await visit.go("settings/tokens")
    page = visit.page
    await page.get_by_label("Name").fill("Nothing")
    await page.get_by_label("Read the books").uncheck()
    await page.get_by_role("button", name="Make token").click()
    await expect(page.get_by_text("Choose at least one scope")).to_be_visible()
    await expect(page.get_by_label("Name")).to_have_value("Nothing")
