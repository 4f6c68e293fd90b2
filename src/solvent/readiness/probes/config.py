"""Probes of settings: what is demanded, what a start refuses, what is safe when nothing is said."""

import importlib.metadata
import json
import re
import sys
from collections.abc import Mapping, Sequence
from typing import Any, Final

from solvent.kernel.probe import (
    Bench,
    Need,
    Probe,
    config_check,
    live_probe,
    static_scan,
)
from solvent.readiness.probes.headers import SECURITY
from solvent.runtime.keys import generate_key
from solvent.runtime.settings import all_settings

FLOOR: Final = "3.11"
LIBRARY: Final = re.compile(r"([\w.-]+)(?:\[[\w,]+\])?>=([\w.]+)$")
OFFERED: Final = re.compile(r"#(SOLVENT_\w+)=(.*)$")
KEYS: Final = ("SOLVENT_SECRET_KEYS", "SOLVENT_FIELD_KEYS")
DEMANDED: Final = (*KEYS, "SOLVENT_DATA_DIR")
TELLING: Final = re.compile(r"Traceback|File \"|\.py\b|asyncpg|starlette|line \d+")
SPELLINGS: Final = ("postgresql", "postgres", "postgresql+asyncpg")
ODD_PASSWORD: Final = "p%40ss%3A%2Fw%23rd-long-enough-to-be-one"  # noqa: S105 - of nobody
BROKEN: Final = {
    "SOLVENT_RATE_IP": "often",
    "SOLVENT_BCRYPT_COST": "4",
    "SOLVENT_DATABASE_URL": "mysql://localhost/x",
    "SOLVENT_HTTP_PORT": "0",
    "SOLVENT_PUBLIC_URL": "http://money.example",
    "SOLVENT_SECRET_KEYS": "a:short",
}
HARDENED: Final = {
    "SOLVENT_ENV": "production",
    "SOLVENT_HTTP_HOST": "127.0.0.1",
    "SOLVENT_INSECURE_LAN": False,
    "SOLVENT_BCRYPT_COST": 12,
    "SOLVENT_HTTP_ALLOWED_ORIGINS": (),
    "SOLVENT_HTTP_TRUSTED_PROXIES": (),
    "SOLVENT_SESSION_ACCESS_MINUTES": 15,
}
TUNED: Final = (
    "SOLVENT_DB_POOL_MIN",
    "SOLVENT_DB_POOL_MAX",
    "SOLVENT_DB_STATEMENT_TIMEOUT_S",
    "SOLVENT_DB_LOCK_TIMEOUT_S",
    "SOLVENT_HTTP_WORKERS",
    "SOLVENT_RATE_IP",
    "SOLVENT_RATE_ACCOUNT",
)
# A text that is an address as a whole: one in a sentence explains, and is asked for nothing.
DEPLOYED: Final = re.compile(
    r"(?<=[\"'])https?://(?!localhost|127\.|\[::1\]|.*example)[a-z0-9.-]+\.(?:com|net|io|app|dev)\b[^\s\"')]*"
)


def production(**changes: str) -> dict[str, str]:
    """Return a production environment in order, but for ``changes``."""
    keys = {name: generate_key() for name in KEYS}
    place = {
        "SOLVENT_ENV": "production",
        "SOLVENT_DATA_DIR": "/nonexistent/solvent",
        "SOLVENT_PUBLIC_URL": "https://money.example",
        "SOLVENT_MAIL_DRIVER": "file",
    }
    return keys | place | changes


async def findings(bench: Bench, environ: Mapping[str, str]) -> tuple[int, list[dict[str, Any]]]:
    """Return how ``settings check`` ended for ``environ``, and what it found."""
    ran = await bench.installation.command("settings", "check", "--json", environ=environ)
    try:
        return ran.code, list(json.loads(ran.out)["findings"])
    except (ValueError, LookupError):
        return ran.code, []


@config_check("config-required-variables")
async def everything_missing_is_named_at_once(bench: Bench) -> None:
    """Start without what is demanded, one by one and all together."""
    for name in DEMANDED:
        environ = {key: value for key, value in production().items() if key != name}
        ran = await bench.installation.command("serve", environ=environ)
        bench.hold(f"A start without {name} is refused", ran.code == 1, ran.code)
        bench.hold(f"The message names {name}", name in ran.err)
    ran = await bench.installation.command("serve", environ={"SOLVENT_RATE_IP": "often"})
    named = [name for name in (*DEMANDED, "SOLVENT_RATE_IP") if name in ran.err]
    bench.equal("Named at once", len(named), len(DEMANDED) + 1)


@config_check("config-environment-production")
async def it_runs_as_production(bench: Bench) -> None:
    """Read the environment and what follows from it."""
    bench.equal("SOLVENT_ENV", str(bench.installation.setting("SOLVENT_ENV")), "production")
    bench.equal(
        "SOLVENT_INSECURE_LAN", bench.installation.setting("SOLVENT_INSECURE_LAN"), wanted=False
    )
    cost = int(bench.installation.setting("SOLVENT_BCRYPT_COST"))
    bench.within("SOLVENT_BCRYPT_COST", cost, "", least=12)


@live_probe("config-debug-disabled")
async def errors_tell_nothing(bench: Bench) -> None:
    """Provoke errors of several sorts and read them for what only a developer needs."""
    who = await bench.someone()
    for answer in (
        await bench.get("/there/is/nothing/here"),
        await bench.get("/api/v1/households/not-an-id/accounts", by=who),
        await bench.send("POST", "/api/v1/auth/login", content=b"{"),
        await bench.get(f"{who.home}/transactions?cursor=%00%ff", by=who),
        await bench.send("POST", f"{who.home}/imports", by=who, file=("x.bin", b"\x00\xff")),
    ):
        found = TELLING.search(answer.text)
        bench.hold(
            f"An error ({answer.status}) shows nothing of the program",
            not found,
            found and found[0],
        )
    debug = [each.name.name for each in all_settings() if "DEBUG" in each.name.name]
    bench.equal("Settings for debugging", debug, [])


@live_probe("config-validator-command", Need.INSTALLATION)
async def settings_are_checked_by_a_command(bench: Bench) -> None:
    """Check a good environment and one with each mistake."""
    code, found = await findings(bench, production())
    bench.hold("A good environment has no finding", code == 0 and not found, found or "none")
    for name, value in BROKEN.items():
        code, found = await findings(bench, production(**{name: value}))
        bench.equal(f"A bad {name} ends with", code, 1)
        bench.hold(f"The finding is about {name}", any(each["setting"] == name for each in found))


@live_probe("config-environment-aware-validation", Need.INSTALLATION)
async def each_environment_has_its_rules(bench: Bench) -> None:
    """Check one lack of keys in every environment."""
    place = {"SOLVENT_DATA_DIR": "/nonexistent/solvent", "SOLVENT_PUBLIC_URL": "https://a.example"}
    for env, wanted in (("development", 0), ("test", 0), ("staging", 1), ("production", 1)):
        code, _ = await findings(bench, place | {"SOLVENT_ENV": env})
        bench.equal(f"Without keys in {env}", code, wanted)


@live_probe("config-database-url", Need.INSTALLATION)
async def addresses_of_the_database_are_understood(bench: Bench) -> None:
    """Check every spelling, special characters too, and ask the live database."""
    for scheme in SPELLINGS:
        url = f"{scheme}://solvent:{ODD_PASSWORD}@db.example:5432/solvent"
        code, found = await findings(bench, production(SOLVENT_DATABASE_URL=url))
        bench.hold(f"{scheme}:// is understood", code == 0, found)
    rows = await bench.installation.rows("select 1 as one")
    bench.equal("The live database answers", [row["one"] for row in rows], [1])


@config_check("config-redis-url")
async def a_password_in_the_wrong_place_is_told(bench: Bench) -> None:
    """Check the wrong spelling, then what is set."""
    url = "redis://0123456789abcdef0123456789abcdef@redis.example:6379/0"
    _, found = await findings(bench, production(SOLVENT_REDIS_URL=url))
    messages = [str(each["message"]) for each in found if each["setting"] == "SOLVENT_REDIS_URL"]
    bench.hold("The wrong spelling is refused", messages, len(messages))
    bench.hold("The correction is told", any("redis://:password@" in text for text in messages))
    bench.hold("The password is not", not any("0123456789abcdef" in text for text in messages))


@config_check("config-secure-defaults")
async def what_is_not_said_is_safe(bench: Bench) -> None:
    """Compare defaults with the hardened values, and see that nothing more is demanded."""
    fields = {each.name.name: each.field.default for each in all_settings()}
    for name, wanted in HARDENED.items():
        got = fields.get(name)
        bench.hold(f"{name} left out is {wanted}", got == wanted, got)
    for name, default in fields.items():
        if name.startswith("SOLVENT_RATE_"):
            bench.hold(f"{name} left out is a limit", default, default)
    code, found = await findings(bench, production())
    bench.hold("Only what is demanded is enough", code == 0 and not found, found or "none")


@static_scan("config-externalised")
async def the_program_knows_no_place(bench: Bench) -> None:
    """Read the program for addresses of deployments."""
    folder, found = bench.installation.package, list[str]()
    for path in sorted(folder.rglob("*.py")):
        if "probes" not in path.parts:
            for hit in DEPLOYED.findall(path.read_text("utf-8")):
                found.append(f"{path.relative_to(folder)}: {hit}")
    bench.hold("No address of a deployment stands in it", not found, found or "none")


@static_scan("config-python-floor")
async def the_python_is_a_declared_one(bench: Bench) -> None:
    """Compare the running Python with what the metadata declares."""
    declared = bench.installation.declared("Requires-Python")
    running = ".".join(map(str, sys.version_info[:3]))
    bench.equal("What the metadata declares", declared, [f">={FLOOR}"])
    bench.hold(f"Python {running} is one of them", _figures(running) >= _figures(FLOOR), running)


@static_scan("config-dependencies-declared")
async def libraries_are_the_declared_ones(bench: Bench) -> None:
    """Compare what is installed with what the metadata declares."""
    texts = bench.installation.declared("Requires-Dist")
    declared = [found for text in texts if ";" not in text and (found := LIBRARY.match(text))]
    wrong = [found[1] for found in declared if not _is_there(found[1], found[2])]
    bench.within("Libraries that are declared", len(declared), "libraries", least=1)
    bench.hold("Each is installed as declared", not wrong, wrong or "all")


def _is_there(name: str, floor: str) -> bool:
    """Tell whether a library is installed, at its floor or above."""
    try:
        return _figures(importlib.metadata.version(name)) >= _figures(floor)
    except importlib.metadata.PackageNotFoundError:
        return False


def _figures(version: str) -> tuple[int, ...]:
    return tuple(int(figure) for figure in re.findall(r"\d+", version))


@static_scan("config-env-template")
async def the_template_is_whole(bench: Bench) -> None:
    """Read the template that the program writes, beside the settings that it knows."""
    ran = await bench.installation.command("settings", "reference", "--template")
    lines = ran.out.splitlines()
    named = {found[1]: found[2] for line in lines if (found := OFFERED.match(line))}
    known = {each.name.name: each.name.secret for each in all_settings()}
    bench.equal("Settings that it leaves out", sorted(known.keys() - named.keys()), [])
    bench.equal("Names in it that are none", sorted(named.keys() - known.keys()), [])
    given = [name for name, value in named.items() if known.get(name) and value]
    bench.equal("Secrets that it gives a value", given, [])
    set_ = [line for line in lines if line and not line.startswith("#")]
    bench.equal("Lines that set something", set_, [])


@config_check("config-performance-settings")
async def figures_are_settings(bench: Bench) -> None:
    """Find each figure among the settings, and hold the open connections against theirs."""
    known = {each.name.name for each in all_settings()}
    for name in TUNED:
        bench.hold(
            f"{name} is a setting",
            name in known,
            bench.installation.setting(name) if name in known else "",
        )
    for name in ("SOLVENT_DB_STATEMENT_TIMEOUT_S", "SOLVENT_DB_LOCK_TIMEOUT_S"):
        bench.within(name, float(bench.installation.setting(name)), "s", least=0.1, most=600)
    largest = int(bench.installation.setting("SOLVENT_DB_POOL_MAX"))
    bench.within("SOLVENT_DB_POOL_MAX", largest, "connections", least=1, most=200)


@live_probe("config-security-middleware-active")
async def protection_takes_effect(bench: Bench) -> None:
    """See each layer's effect on an ordinary route, on an error and on a mounted file."""
    for name, path in (
        ("a route", "/log-in"),
        ("an error", "/nothing/here"),
        ("a file", "/api/docs.css"),
    ):
        answer = await bench.get(path)
        missing = [header for header in SECURITY if not answer.header(header)]
        bench.hold(f"Headers on {name}", not missing, missing or "all")
        bench.hold(f"An id on {name}", answer.header("x-request-id"), answer.header("x-request-id"))
    bench.equal("Authentication", (await bench.get("/api/v1/me")).status, 401)
    foreign = {"origin": "https://evil.example", "cookie": "__Host-solvent=nothing"}
    who = await bench.someone()
    change = await bench.send(
        "POST", f"/h/{who.household}/settings", form={"do": "person"}, headers=foreign
    )
    bench.hold("A change without a session", change.status in {303, 401, 403}, change.status)


PROBES: Final[Sequence[Probe]] = (
    everything_missing_is_named_at_once,
    it_runs_as_production,
    errors_tell_nothing,
    settings_are_checked_by_a_command,
    each_environment_has_its_rules,
    addresses_of_the_database_are_understood,
    a_password_in_the_wrong_place_is_told,
    what_is_not_said_is_safe,
    the_program_knows_no_place,
    the_python_is_a_declared_one,
    libraries_are_the_declared_ones,
    the_template_is_whole,
    figures_are_settings,
    protection_takes_effect,
)
