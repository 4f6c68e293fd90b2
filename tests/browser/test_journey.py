"""The main job, end to end, as people do it: from a bank's file to a picture that can be trusted."""

import re
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from playwright.async_api import Locator, expect

from solvent.web.formats import MINUS
from tests.browser.visits import PASSWORD, Visit

STATEMENT = Path(__file__).parents[1] / "corpus/ofx/annacruz-ofx__creditcard.ofx"
TWO_WAYS = "Date,Payee,Amount\n03/04/2026,Corner Bakery,-4.20\n05/06/2026,Corner Bakery,-2.10\n"
LARGE_ROWS = 20_000
LARGE_PATIENCE_MS = 60_000


async def test_a_statement_becomes_a_picture_and_can_be_taken_back(visit: Visit) -> None:
    page = visit.page
    await visit.sign_up()
    await expect(page.get_by_role("heading", name="Start with a statement")).to_be_visible()

    await visit.drop(STATEMENT.name, STATEMENT.read_text())
    await preview_says(visit, "OFX", "3", "XXXXXXXXXXXX1111", "May 10, 2007", "May 26, 2007")
    await expect(page.get_by_role("main")).to_contain_text(f"{MINUS}$1,111.01")
    assert (await visit.api("transactions"))["items"] == []

    await press(visit, "Import 3 rows")
    await expect(page.locator(".head .badge")).to_have_text("Imported")
    await expect(cells(visit, "XXXXXXXXXXXX1111").nth(0)).to_have_text("3")
    items = (await visit.api("transactions"))["items"]
    assert len(items) == 3

    await page.get_by_role("link", name="Show transactions").click()
    await expect(page.locator(".row[data-index]:visible")).to_have_count(3)
    await name_second_row(visit, "groc", "Groceries")
    await the_report_shows(visit, "Groceries")

    await visit.go("today")
    worth = page.locator(".worth .figure")
    await expect(worth).to_contain_text(re.compile(r"€\d"))

    await visit.drop(STATEMENT.name, STATEMENT.read_text())
    await expect(page.get_by_role("main")).to_contain_text("Nothing was added")
    assert len((await visit.api("transactions"))["items"]) == 3


async def test_an_import_is_undone_and_brought_back(visit: Visit) -> None:
    page = visit.page
    await visit.sign_up()
    await visit.go("import")
    await visit.pick(STATEMENT.name, STATEMENT.read_bytes())
    await press(visit, "Import 3 rows")
    await press(visit, "Undo this import")
    await expect(page.locator(".head .badge")).to_have_text("Undone")
    assert (await visit.api("transactions"))["items"] == []

    await press(visit, "Import it again")
    await expect(page.locator(".head .badge")).to_have_text("Imported")
    assert len((await visit.api("transactions"))["items"]) == 3


async def test_a_file_that_can_be_read_two_ways_asks(visit: Visit) -> None:
    page = visit.page
    await visit.sign_up()
    await visit.go("import")
    await visit.pick("two-ways.csv", TWO_WAYS.encode())
    await expect(page.locator(".head .badge")).to_have_text("Has a question")
    await page.get_by_role("radio", name="03/04/2026 is 03 April 2026").check()
    await press(visit, "Go on")
    await expect(page.locator(".head .badge")).to_have_text("Waits for you")
    await press(visit, "Import 2 rows")
    await expect(page.locator(".head .badge")).to_have_text("Imported")
    days = {item["booked_on"] for item in (await visit.api("transactions"))["items"]}
    assert days == {"2026-04-03", "2026-06-05"}


async def test_a_large_file_shows_its_progress_across_a_reload(visit: Visit) -> None:
    page = visit.page
    await visit.sign_up()
    await visit.go("import")
    await visit.pick("large.csv", large_file())
    await press(visit, "Import 20,000 rows", patience_ms=LARGE_PATIENCE_MS)
    await expect(page.get_by_role("progressbar")).to_be_visible()
    await page.reload()
    await expect(
        page.get_by_role("progressbar").or_(page.locator(".head .badge.is-good"))
    ).to_be_visible()
    await expect(page.locator(".head .badge")).to_have_text("Imported", timeout=LARGE_PATIENCE_MS)
    imports = (await visit.api("imports"))["items"]
    assert [account["added"] for account in imports[0]["accounts"]] == [LARGE_ROWS]
    await page.get_by_role("link", name="Show transactions").click()
    await expect(page.locator(".row[data-index]:visible").first).to_be_visible()


async def test_who_logs_out_can_log_in_again(visit: Visit) -> None:
    page = visit.page
    email = await visit.sign_up()
    await visit.go("settings")
    await page.get_by_role("main").get_by_role("button", name="Log out").click()
    await expect(page).to_have_url(f"{visit.url}/log-in")
    home = visit.home
    await visit.go("today")
    await expect(page).to_have_url(re.compile("/log-in\\?next="))
    await visit.log_in(email, PASSWORD)
    assert visit.home == home


async def preview_says(visit: Visit, *words: str) -> None:
    """Expect a preview that waits, with these words."""
    await expect(visit.page.locator(".head .badge")).to_have_text("Waits for you")
    for each in words:
        await expect(visit.page.get_by_role("main")).to_contain_text(each)


async def press(visit: Visit, name: str, *, patience_ms: int | None = None) -> None:
    """Press a button of the page's own part."""
    await visit.page.get_by_role("main").get_by_role("button", name=name).click(timeout=patience_ms)


async def name_second_row(visit: Visit, typed: str, category: str) -> None:
    """Give the second row a category by keyboard alone, and expect it on the page and in the books."""
    page = visit.page
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    await expect(page.get_by_role("combobox", name="Category")).to_be_focused()
    await page.keyboard.type(typed)
    await page.keyboard.press("Enter")
    second = page.locator(".row[data-index='1'] [data-cell='category']")
    await expect(second).to_have_text(category)
    await page.wait_for_load_state("networkidle")
    named = [item for item in (await visit.api("transactions"))["items"] if names(item, category)]
    assert len(named) == 1


async def the_report_shows(visit: Visit, category: str) -> None:
    """Expect a category in the report of the statement's year."""
    await visit.go("reports?first=2007-05-01&last=2007-05-31")
    await expect(visit.page.get_by_role("main")).to_contain_text(category)
    report = await visit.api("reports/spending?from=2007-05-01&to=2007-05-31")
    assert f"Food:{category}" in {line["name"] for line in report["categories"]}


def cells(visit: Visit, account: str) -> Locator:
    """Return the numbers of a file's account."""
    return visit.page.locator("tr", has_text=account).locator("td.number")


def names(item: dict[str, Any], category: str) -> bool:
    """Tell whether a transaction has a posting on ``category``."""
    return any(posting.get("account_name") == category for posting in item["postings"])


def large_file() -> bytes:
    """Return a CSV file of many rows over ten years."""
    first = date(2015, 1, 1)
    rows = (
        f"{first + timedelta(days=each // 6)},Shop {each % 97},-{each % 90 + 1}.{each % 100:02}"
        for each in range(LARGE_ROWS)
    )
    return "\n".join(["Date,Payee,Amount", *rows, ""]).encode()
