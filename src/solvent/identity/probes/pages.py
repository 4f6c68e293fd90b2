"""Proofs about the sessions of pages: the cookie, and what a change needs beside it."""

import hashlib
import hmac
import re
from collections.abc import Sequence
from typing import Final

from solvent.kernel.probe import Bench, Need, Probe, Someone, Unproved, live_probe
from solvent.runtime.ids import new_token

LOG_IN: Final = "/log-in"
FLAGS: Final = ("httponly", "secure", "samesite=lax", "path=/")
TOKEN: Final = re.compile(r'name="csrf_token" value="([^"]+)"')
SEE_OTHER: Final = 303
REFUSED: Final = 403


async def page_cookie(bench: Bench, who: Someone) -> str:
    """Log ``who`` in as a browser does and return the cookie, as ``name=value``."""
    form = {"email": who.email, "password": who.password}
    answer = await bench.send("POST", LOG_IN, form=form)
    cookies = answer.every("set-cookie")
    if not cookies:
        raise Unproved(f"The page did not log a disposable person in: {answer.status}.")
    return cookies[0].partition(";")[0]


async def page_token(bench: Bench, who: Someone, cookie: str) -> str:
    """Return the token that the pages of the session behind ``cookie`` carry."""
    page = await bench.get(_settings(who), headers={"cookie": cookie})
    found = TOKEN.search(page.text)
    if found is None:
        raise Unproved(f"The settings show no token of the page: {page.status}.")
    return found[1]


@live_probe("auth-session-cookie-flags")
async def the_cookie_is_kept_close(bench: Bench) -> None:
    """Read every cookie that logging in sets."""
    who = await bench.someone()
    form = {"email": who.email, "password": who.password}
    answer = await bench.send("POST", LOG_IN, form=form)
    cookies = answer.every("set-cookie")
    bench.hold("Logging in sets a cookie", cookies, len(cookies))
    for cookie in cookies:
        name = cookie.partition("=")[0]
        flags = {part.strip().lower() for part in cookie.split(";")[1:]}
        bench.hold(f"{name} is bound to this host", name.startswith("__Host-"))
        bench.hold("It names no domain", not any(flag.startswith("domain") for flag in flags))
        for flag in FLAGS:
            bench.hold(f"{name} is {flag}", flag in flags)


@live_probe("auth-csrf-protection")
async def a_change_needs_the_pages_token(bench: Bench) -> None:
    """Change a name by form: without a token, with another's, from elsewhere, and rightly."""
    who, other = await bench.someone(), await bench.newcomer()
    cookie = await page_cookie(bench, who)
    token = await page_token(bench, who, cookie)
    others = await page_token(bench, other, await page_cookie(bench, other))
    foreign = {"origin": "https://evil.example"}
    for name, shown, more in (
        ("without a token", "", {}),
        ("with another session's token", others, {}),
        ("from a foreign origin", token, foreign),
    ):
        answer = await _change(bench, who, {"cookie": cookie} | more, shown)
        bench.equal(f"A change {name}", answer, REFUSED)
    rightly = await _change(bench, who, {"cookie": cookie}, token)
    bench.equal("A change with the page's token", rightly, SEE_OTHER)


async def _change(bench: Bench, who: Someone, said: dict[str, str], token: str) -> int:
    """Try to change a name and return the status."""
    form = {"csrf_token": token, "do": "person", "name": "Disposable Person"}
    headers = {"accept": "text/html"} | said
    return (await bench.send("POST", _settings(who), form=form, headers=headers)).status


def _settings(who: Someone) -> str:
    return f"/h/{who.household}/settings"


@live_probe("secrets-session-secret")
async def a_made_up_cookie_opens_nothing(bench: Bench) -> None:
    """Ask with a cookie of our own making, and measure a real one."""
    who = await bench.someone()
    cookie = await page_cookie(bench, who)
    name, _, value = cookie.partition("=")
    bits = len(value) * 6
    bench.within("Bits that a cookie has room for", bits, "bit", least=256)
    made_up = await bench.get(_settings(who), headers={"cookie": f"{name}={new_token()}"})
    bench.hold("A made-up cookie leads to the log-in", made_up.status in {303, 401}, made_up.status)
    real = await bench.get(_settings(who), headers={"cookie": cookie})
    bench.equal("The real one opens the settings", real.status, 200)


@live_probe("secrets-csrf-secret", Need.INSTALLATION)
async def a_token_of_another_key_is_refused(bench: Bench) -> None:
    """Make the page's token with the key of another purpose."""
    who = await bench.someone()
    cookie = await page_cookie(bench, who)
    ring = bench.installation.setting("SOLVENT_SECRET_KEYS")
    keys = {name: ring.derive(name) for name in ("csrf", "access-token")}
    bench.hold("Purposes have keys of their own", len(set(keys.values())) == len(keys))
    bench.within("Length of the key", len(keys["csrf"]) * 8, "bit", least=256)
    value = cookie.partition("=")[2]
    forged = hmac.new(keys["access-token"], value.encode(), hashlib.sha256).hexdigest()
    found = await _change(bench, who, {"cookie": cookie}, forged)
    bench.equal("A token made with another key", found, REFUSED)


PROBES: Final[Sequence[Probe]] = (
    the_cookie_is_kept_close,
    a_change_needs_the_pages_token,
    a_made_up_cookie_opens_nothing,
    a_token_of_another_key_is_refused,
)
