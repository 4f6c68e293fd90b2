"""A visit: somebody at a browser, who signs up and goes about; and everything that went wrong there."""

import re
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import urlsplit

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, Response, expect

PASSWORD = "correct horse battery staple"
SIZES = {"phone": (390, 844), "desk": (1440, 900)}
PATIENCE_MS = 15_000
FAULT = 400

_numbers = count(1)


@dataclass
class Visit:
    """A page of a browser's profile, at a Solvent that answers at ``url``."""

    context: BrowserContext
    page: Page
    url: str
    wrong: list[str] = field(default_factory=list)
    expected: set[int] = field(default_factory=set)
    home: str = ""

    async def sign_up(self, name: str = "Alma Example") -> str:
        """Sign up through the page, and return the address to log in with."""
        email = f"guest{next(_numbers)}-{id(self)}@example.org"
        page = self.page
        await page.goto(f"{self.url}/sign-up")
        fields = {"name": name, "email": email, "password": PASSWORD, "household": "Home"}
        for field_name, value in fields.items():
            await page.locator(f'input[name="{field_name}"]').fill(value)
        await page.locator("form button.is-main").click()
        await expect(page).to_have_url(re.compile(r"/h/[0-9a-f-]{36}/today$"))
        self.home = household_path(page.url)
        return email

    async def log_in(self, email: str, password: str) -> None:
        """Log in through the page."""
        page = self.page
        await page.goto(f"{self.url}/log-in")
        await page.locator('input[name="email"]').fill(email)
        await page.locator('input[name="password"]').fill(password)
        await page.locator("form button.is-main").click()
        await expect(page).to_have_url(re.compile(r"/h/[0-9a-f-]{36}/today$"))
        self.home = household_path(page.url)

    async def go(self, place: str) -> None:
        """Open a place of the household."""
        await self.page.goto(f"{self.url}{self.home}/{place}")

    async def api(self, path: str) -> Any:
        """Return what the API answers for the household, asked with the page's session."""
        answer = await self.context.request.get(
            f"{self.url}/api/v1/households/{self.home.rpartition('/')[2]}/{path}"
        )
        assert answer.ok, await answer.text()
        return await answer.json()

    async def pick(self, name: str, content: bytes) -> None:
        """Hand a file over with the picker."""
        await self.page.locator("input[type=file]").set_input_files(
            {"name": name, "mimeType": "application/octet-stream", "buffer": content}
        )

    async def drop(self, name: str, text: str) -> None:
        """Drop a file on the page, with the events that a hand makes."""
        await self.page.evaluate(DROPPING, [name, text])

    def listen(self) -> None:
        """Note whatever goes wrong from now on."""
        self.page.on("console", self._heard)
        self.page.on("pageerror", lambda error: self.wrong.append(f"page error: {error}"))
        self.page.on("response", self._answered)

    def _heard(self, message: ConsoleMessage) -> None:
        text = message.text
        if message.type not in {"error", "warning"}:
            return
        if any(f"status of {status}" in text for status in self.expected):
            return
        self.wrong.append(f"console {message.type} on {urlsplit(self.page.url).path}: {text}")

    def _answered(self, response: Response) -> None:
        if response.status >= FAULT and response.status not in self.expected:
            self.wrong.append(f"{response.status} {response.request.method} {response.url}")


DROPPING = """async ([name, text]) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], name));
    for (const kind of ["dragenter", "dragover", "drop"]) {
        const event = new DragEvent(kind, {dataTransfer: transfer, bubbles: true, cancelable: true});
        document.querySelector("main").dispatchEvent(event);
        if (kind === "dragover" && !event.defaultPrevented) throw new Error("nothing takes the file");
        if (kind !== "drop") await new Promise((done) => setTimeout(done, 50));
    }
}"""


def household_path(url: str) -> str:
    """Return the part of an address that names the household."""
    return "/".join(urlsplit(url).path.split("/")[:3])


@asynccontextmanager
async def visiting(browser: Browser, url: str, **profile: Any) -> AsyncGenerator[Visit, None]:
    """Open a profile with one page, and close it afterwards."""
    profile = {"viewport": {"width": 1440, "height": 900}, "locale": "en-GB"} | profile
    context = await browser.new_context(**profile)
    context.set_default_timeout(PATIENCE_MS)
    try:
        visit = Visit(context, await context.new_page(), url)
        visit.listen()
        yield visit
    finally:
        await context.close()
