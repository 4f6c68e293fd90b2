"""Two people share a household: invited by a link, joined, changed, taken out; and leave themselves."""

import re
from collections.abc import AsyncGenerator

import pytest
from playwright.async_api import Browser, expect

from tests.browser.visits import Visit, visiting
from tests.served import Served

MEMBERS = "household/members"


@pytest.fixture
async def other(solvent: Served, chromium: Browser) -> AsyncGenerator[Visit, None]:
    """Somebody else, at a browser of their own."""
    async with visiting(chromium, solvent.url) as visit:
        yield visit
        assert not visit.wrong, "\n".join(visit.wrong)


async def test_somebody_joins_by_a_link_is_changed_and_taken_out(
    visit: Visit, other: Visit
) -> None:
    await visit.sign_up()
    link = await invited(visit, "Viewer")
    other.expected.add(404)
    await joined(other, link, "Bruno Example")
    assert "token" not in other.page.url
    other.home = visit.home
    await other.go(MEMBERS)
    await expect(other.page.locator("#members li", has_text="Bruno")).to_contain_text("Viewer")
    await expect(other.page.get_by_role("heading", name="Invite somebody")).to_have_count(0)
    page = visit.page
    await visit.go(MEMBERS)
    await expect(page.get_by_text("There are none.")).to_be_visible()
    await page.get_by_role("link", name="Change Bruno Example").click()
    await page.get_by_role("radio", name=re.compile("^Adviser")).check()
    await page.get_by_role("button", name="Change role").click()
    await other.go(MEMBERS)
    await expect(other.page.locator("#members li", has_text="Bruno")).to_contain_text("Adviser")
    await page.get_by_text("Remove Bruno Example").click()
    await page.get_by_role("button", name="Remove now").click()
    await expect(page.locator("#members li")).to_have_count(1)
    await other.go(MEMBERS)
    await expect(other.page.locator("main")).to_contain_text("not")


async def test_levels_of_single_accounts_are_what_the_member_reads(
    visit: Visit, other: Visit
) -> None:
    await visit.sign_up()
    await opened(visit, "Giro")
    page = visit.page
    await joined(other, await invited(visit, "Editor"), "Bruno Example")
    other.home = visit.home
    await visit.go(MEMBERS)
    await page.get_by_role("link", name="Change Bruno Example").click()
    await page.get_by_role("radio", name="All others: Nothing").check()
    await page.get_by_role("radio", name="Giro: Balance").check()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_role("radio", name="Giro: Balance")).to_be_checked()
    await other.go(MEMBERS)
    await expect(other.page.locator("table tbody tr")).to_have_text(re.compile("Its balance only"))
    await other.page.get_by_text("Leave this household").click()
    await other.page.get_by_role("button", name="Leave now").click()
    await expect(other.page).to_have_url(re.compile("/today$"))
    await visit.go(MEMBERS)
    await expect(page.locator("#members li")).to_have_count(1)


async def test_a_leg_that_may_not_be_read_shows_as_hidden(visit: Visit, other: Visit) -> None:
    await visit.sign_up()
    await opened(visit, "Giro")
    await opened(visit, "Secret savings")
    ids = {each["name"]: each["id"] for each in (await visit.api("accounts"))["items"]}
    legs = [(ids["Giro"], -500), (ids["Secret savings"], 500)]
    await recorded(visit, legs)
    await joined(other, await invited(visit, "Viewer"), "Bruno Example")
    other.home = visit.home
    await visit.go(MEMBERS)
    await visit.page.get_by_role("link", name="Change Bruno Example").click()
    await visit.page.get_by_role("radio", name="Secret savings: Nothing").check()
    await visit.page.get_by_role("button", name="Save").click()
    await expect(visit.page.get_by_role("radio", name="Secret savings: Nothing")).to_be_checked()
    await other.go("transactions")
    row = other.page.locator(".row", has_text="Giro").first
    await expect(row.locator(".cell-category")).to_have_text("hidden")
    await expect(row.locator(".cell-amount")).to_contain_text("5.00")
    assert "Secret savings" not in await other.page.content()


async def opened(visit: Visit, name: str) -> None:
    """Open an account through the page."""
    await visit.go("accounts")
    await visit.page.locator('input[name="name"]').fill(name)
    await visit.page.locator("form:has(input[name=opening]) button").click()
    await expect(visit.page.locator("main table", has_text=name)).to_be_visible()


async def recorded(visit: Visit, legs: list[tuple[str, int]]) -> None:
    """Record a transaction with the page's own session."""
    csrf = await visit.page.locator('input[name="csrf_token"]').first.input_value()
    postings = [
        {"account": account, "amount_minor": minor, "currency": "EUR"} for account, minor in legs
    ]
    answer = await visit.context.request.post(
        f"{visit.url}/api/v1/households/{visit.home.rpartition('/')[2]}/transactions",
        data={"booked_on": "2026-11-01", "postings": postings},
        headers={"x-csrf-token": csrf, "origin": visit.url, "idempotency-key": "one-transfer"},
    )
    assert answer.ok, await answer.text()


async def test_a_withdrawn_link_leads_nowhere(visit: Visit, other: Visit) -> None:
    other.expected.add(404)
    await visit.sign_up()
    link = await invited(visit, "Editor")
    await visit.page.get_by_role("button", name="Withdraw").click()
    await other.page.goto(link)
    await expect(other.page.get_by_role("alert")).to_contain_text("used, withdrawn or has expired")


async def invited(visit: Visit, role: str) -> str:
    """Make an invitation, and return the link that the page shows once."""
    await visit.go("settings")
    page = visit.page
    await page.get_by_role("link", name="Members").click()
    await page.get_by_role("radio", name=re.compile(f"^{role}")).check()
    await page.get_by_role("button", name="Invite", exact=True).click()
    link = await page.locator("#invitation-link").input_value()
    return f"{visit.url}/join?{link.partition('?')[2]}"


async def joined(visit: Visit, link: str, name: str) -> None:
    """Follow a link as a stranger, sign up on the way, and accept."""
    page = visit.page
    await page.goto(link)
    await expect(page).to_have_url(f"{visit.url}/join")
    await page.get_by_role("link", name="Sign up").click()
    fields = {"name": name, "household": "Elsewhere"}
    fields |= {"email": f"bruno-{id(page)}@example.org", "password": "correct horse battery staple"}
    for field_name, value in fields.items():
        await page.locator(f'input[name="{field_name}"]').fill(value)
    await page.locator("form button.is-main").click()
    await expect(page.get_by_text(f"You are logged in as {name}.")).to_be_visible()
    await page.get_by_role("button", name="Accept").click()
    await expect(page).to_have_url(re.compile(r"/h/[0-9a-f-]{36}/today$"))
