"""The audit trail and one's own security activity, as their readers find them."""

import re

from playwright.async_api import expect

from tests.browser.visits import Visit
from tests.served import Served


async def test_a_change_is_found_in_the_trail_and_a_log_in_in_the_activity(visit: Visit) -> None:
    await visit.sign_up()
    page = visit.page
    await visit.go("settings")
    await page.locator('input[name="household_name"]').fill("Our home")
    await page.locator("section", has=page.locator("#household-title")).locator("button").click()
    await page.get_by_role("link", name="Audit trail").click()
    newest = page.locator("table.trail tbody tr").first
    await expect(newest).to_contain_text("Household renamed")
    await expect(newest.locator("ins")).to_have_text("Our home")
    await expect(newest).to_contain_text("Alma Example")
    await page.locator('select[name="kind"]').select_option("household.created")
    await page.get_by_role("button", name="Show").click()
    await expect(page.locator("table.trail tbody tr")).to_have_count(1)
    await visit.go("settings/activity")
    await expect(page.locator("table.trail tbody tr").first).to_contain_text(
        re.compile("Logged in")
    )
    await expect(page.locator("table.trail tbody tr").first).to_contain_text("this one")


async def test_amounts_are_said_as_the_reader_reads_them(visit: Visit, solvent: Served) -> None:
    await visit.log_in(*solvent.demonstration())
    await visit.go("household/audit?kind=transaction.changed")
    changed = visit.page.locator("table.trail tbody tr").first
    await expect(changed).to_contain_text(
        re.compile(r"Joint current account €[\d,]+\.\d\d · [A-Z]")
    )
    await visit.go("household/audit?kind=account.opened")
    opened = visit.page.locator("table.trail ins", has_text=re.compile(r"^€[\d,]+\.\d\d$")).first
    await expect(opened).to_be_visible()
