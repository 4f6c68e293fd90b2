"""Probes of who else is answered: pages of other origins, and other names of hosts."""

from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import urlsplit

from solvent.kernel.probe import Answer, Bench, Need, Probe, config_check, live_probe
from solvent.readiness.probes.config import findings, production

ORIGINS: Final = "SOLVENT_HTTP_ALLOWED_ORIGINS"
ME: Final = "/api/v1/me"
ALLOWED: Final = "access-control-allow-origin"
CREDENTIALS: Final = "access-control-allow-credentials"
LOOSE: Final = ("*", "http://books.example", "http://localhost:3000", "https://books.example/path")
FOREIGN: Final = "https://surely-not-listed.example"
NEEDED_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"})
STRANGE_HOSTS: Final = ("evil.example", "localhost.evil.example", "evil.example:443")
REFUSED_HOSTS: Final = frozenset({400, 421})


def _listed(bench: Bench) -> tuple[str, ...]:
    return tuple(bench.installation.setting(ORIGINS))


def _strange(home: str, listed: Sequence[str]) -> Iterator[str]:
    """Yield origins that look like known ones and are none of them."""
    yield from ("null", FOREIGN)
    for origin in (home, *listed):
        scheme, _, host = origin.partition("://")
        yield from (
            f"{scheme}://{host}.evil.example",
            f"{scheme}://evil{host}",
            f"{scheme}://sub.{host}",
            f"http://{host}",
        )


async def _asked(bench: Bench, origin: str) -> Answer:
    return await bench.get(ME, headers={"origin": origin})


async def _preflight(bench: Bench, origin: str, method: str, headers: str = "") -> Answer:
    said = {"origin": origin, "access-control-request-method": method}
    asked = {"access-control-request-headers": headers} if headers else {}
    return await bench.send("OPTIONS", ME, headers=said | asked)


@live_probe("cors-production-allowlist", Need.INSTALLATION)
async def only_listed_origins_may_read(bench: Bench) -> None:
    """Ask as pages of origins that are listed, and of others that look like them."""
    listed = _listed(bench)
    for origin in _strange(bench.url, listed):
        told = (await _asked(bench, origin)).header(ALLOWED)
        bench.hold(f"{origin} may not read", not told, told)
        led = (await _preflight(bench, origin, "GET")).header(ALLOWED)
        bench.hold(f"{origin} is granted nothing beforehand", not led, led)
    for origin in listed:
        bench.equal(f"{origin} may read", (await _asked(bench, origin)).header(ALLOWED), origin)


@config_check("cors-origins-from-config")
async def origins_are_whole_and_encrypted(bench: Bench) -> None:
    """Check a good origin and bad ones, and read those that are set."""
    await _refused_in(bench, "production", *LOOSE)
    for origin in _listed(bench):
        bench.hold(f"{origin} is one of https", origin.startswith("https://"), origin)


@config_check("cors-staging-limited")
async def staging_is_as_strict(bench: Bench) -> None:
    """Check a good origin and bad ones in staging."""
    await _refused_in(bench, "staging", *LOOSE)


@config_check("cors-development-localhost")
async def development_knows_this_machine_alone(bench: Bench) -> None:
    """Check an origin of the machine and one from outside in development."""
    code, found = await _judged(bench, "development", "http://localhost:3000")
    bench.hold("An origin of the machine is taken", code == 0, found)
    code, _ = await _judged(bench, "development", FOREIGN)
    bench.equal("One from outside ends with", code, 1)


async def _refused_in(bench: Bench, environment: str, *origins: str) -> None:
    """Hold that ``environment`` takes a good origin and none of ``origins``."""
    code, found = await _judged(bench, environment, "https://books.example")
    bench.hold("A whole https origin is taken", code == 0, found)
    for origin in origins:
        code, _ = await _judged(bench, environment, origin)
        bench.equal(f"{origin} in {environment} ends with", code, 1)


async def _judged(bench: Bench, environment: str, origin: str) -> tuple[int, object]:
    code, found = await findings(bench, production(SOLVENT_ENV=environment) | {ORIGINS: origin})
    return code, [each["setting"] for each in found] or "none"


@live_probe("cors-credentials-safe", Need.INSTALLATION)
async def credentials_go_to_named_origins(bench: Bench) -> None:
    """Read what answers say of credentials, to listed origins and to others."""
    for origin in _listed(bench):
        answer = await _asked(bench, origin)
        bench.equal(f"{origin} is named", answer.header(ALLOWED), origin)
        bench.equal(f"{origin} may send credentials", answer.header(CREDENTIALS), "true")
    for origin in (*_listed(bench), FOREIGN, "null"):
        answer = await _asked(bench, origin)
        varies = "origin" in answer.header("vary").lower()
        bench.hold(f"Caches tell {origin} apart", varies, answer.header("vary"))
        bench.hold("No star is told", answer.header(ALLOWED) != "*", answer.header(ALLOWED))
    for origin in (FOREIGN, "null"):
        told = (await _asked(bench, origin)).header(CREDENTIALS)
        bench.hold(f"{origin} sends none", not told, told)


@live_probe("cors-methods-headers-limited", Need.INSTALLATION)
async def what_is_granted_is_counted(bench: Bench) -> None:
    """Ask beforehand for methods and headers that are needed, and for others."""
    for origin in (*_listed(bench), FOREIGN):
        for method, headers in (("TRACE", ""), ("GET", "x-surely-unknown")):
            answer = await _preflight(bench, origin, method, headers)
            granted = answer.header("access-control-allow-methods")
            bench.hold(f"{method} {headers} of {origin} is not granted", not granted, granted)
    for origin in _listed(bench):
        answer = await _preflight(bench, origin, "POST", "authorization, content-type")
        methods = {
            each.strip() for each in answer.header("access-control-allow-methods").split(",")
        }
        bench.hold(f"{origin} is granted what the API uses", methods <= NEEDED_METHODS, methods)
        bench.hold(f"{origin} may post", "POST" in methods)
        headers = answer.header("access-control-allow-headers")
        bench.hold("Headers are listed, not starred", headers and "*" not in headers, headers)


@live_probe("config-allowed-hosts")
async def other_names_are_not_answered(bench: Bench) -> None:
    """Ask by our own name and by others."""
    own = urlsplit(bench.url).netloc
    answer = await bench.get(ME, headers={"host": own})
    bench.hold("Our own name is answered", answer.status not in REFUSED_HOSTS, answer.status)
    for host in STRANGE_HOSTS:
        answer = await bench.get("/log-in", headers={"host": host})
        bench.hold(f"“{host}” is refused", answer.status in REFUSED_HOSTS, answer.status)


PROBES: Final[Sequence[Probe]] = (
    only_listed_origins_may_read,
    origins_are_whole_and_encrypted,
    staging_is_as_strict,
    development_knows_this_machine_alone,
    credentials_go_to_named_origins,
    what_is_granted_is_counted,
    other_names_are_not_answered,
)
