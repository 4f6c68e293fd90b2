"""Probes of the headers that every answer carries."""

from collections.abc import AsyncIterator, Sequence
from typing import Final

from solvent.kernel.probe import Answer, Bench, Need, Probe, live_probe
from solvent.runtime.ids import new_id

YEAR_S: Final = 31_536_000
REQUESTS: Final = 100
SENT_ID: Final = "certify-0123456789abcdef"
SECURITY: Final = (
    "content-security-policy",
    "x-content-type-options",
    "x-frame-options",
    "referrer-policy",
    "permissions-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
)
OFF: Final = ("camera", "microphone", "geolocation", "payment", "usb")
QUIET_REFERRERS: Final = (
    "no-referrer",
    "same-origin",
    "strict-origin",
    "strict-origin-when-cross-origin",
)


async def samples(bench: Bench) -> AsyncIterator[tuple[str, Answer]]:
    """Yield answers of every sort: page, API, health, documents, redirect and refusals."""
    who = await bench.someone()
    yield "page", await bench.get("/log-in")
    yield "JSON", await bench.get("/api/v1/me", by=who)
    yield "health", await bench.get("/health/liveness")
    yield "style", await bench.get("/api/docs.css")
    yield "redirect", await bench.get("/")
    yield "401", await bench.get("/api/v1/me")
    yield "404", await bench.get(f"/api/v1/households/{new_id()}/accounts", by=who)
    yield "no route", await bench.get("/there/is/nothing/here")
    yield "405", await bench.send("DELETE", "/health")
    yield "422", await bench.send("POST", "/api/v1/auth/login", json={"email": 1})


@live_probe("headers-hsts", Need.HTTPS)
async def https_is_for_good(bench: Bench) -> None:
    """Read what pages and the API say over HTTPS."""
    for path in ("/", "/api/v1/me"):
        policy = (await bench.get(path)).header("strict-transport-security")
        directives = dict(_pair(part) for part in policy.lower().split(";"))
        age = directives.get("max-age", "")
        seconds = int(age) if age.isdecimal() else 0
        bench.within(f"{path} binds browsers to HTTPS", seconds, "s", least=YEAR_S)
        bench.hold(f"{path} binds sub-domains too", "includesubdomains" in directives, policy)


def _pair(directive: str) -> tuple[str, str]:
    name, _, value = directive.strip().partition("=")
    return name, value


@live_probe("headers-csp")
async def the_content_policy_is_strict(bench: Bench) -> None:
    """Parse the policy of a page and of an API answer."""
    for path in ("/log-in", "/api/v1/me"):
        answer = await bench.get(path)
        sent = answer.every("content-security-policy")
        bench.equal(f"{path} carries one policy", len(sent), 1)
        policy = {
            part.split()[0]: part.split()[1:] for part in ";".join(sent).split(";") if part.strip()
        }
        scripts = policy.get("script-src", policy.get("default-src", ["*"]))
        loose = {"'unsafe-inline'", "'unsafe-eval'", "*", "http:", "https:", "data:"}
        objects = policy.get("object-src", policy.get("default-src"))
        bench.hold(f"{path} has a default", "default-src" in policy, policy.get("default-src"))
        bench.hold(f"{path} lets in no loose script", not loose.intersection(scripts), scripts)
        bench.hold(f"{path} lets in no plug-in", objects == ["'none'"], objects)
        bench.hold(f"{path} fixes its base", policy.get("base-uri") in (["'none'"], ["'self'"]))
        bench.equal(f"{path} lets nobody frame it", policy.get("frame-ancestors"), ["'none'"])


@live_probe("headers-x-frame-options")
async def nothing_is_framed(bench: Bench) -> None:
    """Read the header on answers of every sort."""
    async for sort, answer in samples(bench):
        bench.equal(f"{sort}: X-Frame-Options", answer.header("x-frame-options"), "DENY")


@live_probe("headers-nosniff")
async def nothing_is_sniffed(bench: Bench) -> None:
    """Read the header and the content type on answers of every sort."""
    async for sort, answer in samples(bench):
        found = answer.header("x-content-type-options")
        bench.equal(f"{sort}: X-Content-Type-Options", found, "nosniff")
        named = not answer.body or answer.header("content-type")
        bench.hold(f"{sort}: the content type is named", named, answer.header("content-type"))


@live_probe("headers-x-xss-protection")
async def the_old_filter_is_told(bench: Bench) -> None:
    """Read the header of a page."""
    found = (await bench.get("/log-in")).header("x-xss-protection")
    bench.hold("X-XSS-Protection is 0 or 1; mode=block", found in {"0", "1; mode=block"}, found)


@live_probe("headers-referrer-policy")
async def addresses_stay_here(bench: Bench) -> None:
    """Read the header of a page and of an API answer."""
    for path in ("/log-in", "/api/v1/me"):
        found = (await bench.get(path)).header("referrer-policy")
        bench.hold(f"{path} keeps its address to itself", found in QUIET_REFERRERS, found)


@live_probe("headers-permissions-policy")
async def devices_are_off(bench: Bench) -> None:
    """Read the header of a page."""
    found = (await bench.get("/log-in")).header("permissions-policy").replace(" ", "")
    for name in OFF:
        bench.hold(f"{name} is off", f"{name}=()" in found.split(","), found)


@live_probe("headers-request-id")
async def requests_are_told_apart(bench: Bench) -> None:
    """Collect ids, then send one that is well formed and one that is not."""
    seen = {(await bench.get("/health")).header("x-request-id") for _ in range(REQUESTS)}
    bench.equal(f"Ids of {REQUESTS} answers that differ", len(seen - {""}), REQUESTS)
    taken = await bench.get("/health", headers={"x-request-id": SENT_ID})
    bench.equal("A well-formed id is taken over", taken.header("x-request-id"), SENT_ID)
    replaced = await bench.get("/health", headers={"x-request-id": "<script> x"})
    found = replaced.header("x-request-id")
    bench.hold("A malformed id is replaced", found and "<" not in found, found)


@live_probe("headers-on-every-response")
async def the_set_is_whole_everywhere(bench: Bench) -> None:
    """Count each header on answers of every sort."""
    async for sort, answer in samples(bench):
        odd = {name: len(answer.every(name)) for name in SECURITY if len(answer.every(name)) != 1}
        bench.hold(
            f"{sort} ({answer.status}): each header stands once", not odd, odd or "all of them"
        )


PROBES: Final[Sequence[Probe]] = (
    https_is_for_good,
    the_content_policy_is_strict,
    nothing_is_framed,
    nothing_is_sniffed,
    the_old_filter_is_told,
    addresses_stay_here,
    devices_are_off,
    requests_are_told_apart,
    the_set_is_whole_everywhere,
)
