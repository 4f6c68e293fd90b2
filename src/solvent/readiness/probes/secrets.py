"""Probes of an installation's secrets: their strength, origin and age, and the commands for them."""

import stat
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from solvent.kernel.probe import (
    Bench,
    Need,
    NotApplicable,
    Probe,
    Ran,
    config_check,
    live_probe,
    static_scan,
)
from solvent.readiness.probes.config import production
from solvent.runtime.keys import KeyRing, generate_key
from solvent.runtime.secretreport import HeldSecret, report_secrets
from solvent.runtime.settings import all_settings

KEY_BITS_MIN: Final = 256
AGE_DAYS_MAX: Final = 90
DATABASE_CHARS_MIN: Final = 24
REDIS_CHARS_MIN: Final = 32
KEYS_MADE: Final = 1_000
CHI_SQUARE_MAX: Final = 330.5
"""What chance exceeds once in a thousand times, at 255 degrees of freedom."""
SAMPLE: Final = "a-string-secret-at-least-256-bits-long"
PLACEHOLDER: Final = "your-secret-here"
PURPOSES: Final = ("access-token", "csrf", "readiness-report")
ROLE: Final = """
    select r.rolsuper, r.rolcreaterole, r.rolcreatedb, r.rolbypassrls,
           (select count(*) from pg_class c where c.relowner = r.oid and c.relpersistence <> 't') as owned
      from pg_roles r where r.rolname = 'solvent_app'
"""


def held(bench: Bench) -> tuple[HeldSecret, ...]:
    """Return what can be told of every secret in use."""
    return report_secrets(bench.installation.environ).secrets


def _no_finding(bench: Bench, *codes: str) -> None:
    """Hold that no secret in use was found wanting in one of these ways."""
    report = report_secrets(bench.installation.environ)
    for code in codes:
        found = [each.message for each in report.findings if each.code == f"settings.{code}"]
        bench.hold(f"No finding “{code.replace('_', ' ')}”", not found, found or "none")
    bench.hold("There are secrets to look at", report.secrets, len(report.secrets))


async def _refused(bench: Bench, value: str, **changes: str) -> None:
    """Hold that a start with ``changes`` is refused, by setting and without the value."""
    ran = await bench.installation.command("serve", environ=production(**changes))
    said = ran.out + ran.err
    name = next(iter(changes))
    bench.hold(f"A start with such a {name} is refused", ran.code == 1, ran.code)
    bench.hold("The message names the setting", name in said)
    bench.hold("The message does not repeat the value", value not in said)


@config_check("secrets-published-refused")
async def published_secrets_are_refused(bench: Bench) -> None:
    """Compare every secret with the published ones, and try to start with one of them."""
    _no_finding(bench, "published_secret")
    url = f"postgresql://solvent:{SAMPLE}@127.0.0.1:9/solvent"
    await _refused(bench, SAMPLE, SOLVENT_DATABASE_URL=url)


@config_check("secrets-placeholder-refused")
async def placeholders_are_refused(bench: Bench) -> None:
    """Look for placeholders and test keys, and try to start with one."""
    _no_finding(bench, "placeholder_secret", "test_key_secret")
    url = f"postgresql://solvent:{PLACEHOLDER}@127.0.0.1:9/solvent"
    await _refused(bench, PLACEHOLDER, SOLVENT_DATABASE_URL=url)


@config_check("secrets-jwt-key-256-bit")
async def tokens_have_a_strong_key(bench: Bench) -> None:
    """Count the bits of the keys in the ring."""
    await _strong_ring(bench, "SOLVENT_SECRET_KEYS")


async def _strong_ring(bench: Bench, name: str) -> None:
    ring: KeyRing = bench.installation.setting(name)
    for kid in ring.kids:
        bench.within(f"Key {kid} of {name}", ring.bits(kid), "bit", least=KEY_BITS_MIN)


@config_check("secrets-secret-key-256-bit")
async def purposes_have_their_own_keys(bench: Bench) -> None:
    """Derive the key of each purpose and compare."""
    ring: KeyRing = bench.installation.setting("SOLVENT_SECRET_KEYS")
    derived = {ring.derive(purpose) for purpose in PURPOSES}
    bench.equal("Keys of different purposes that differ", len(derived), len(PURPOSES))
    bench.within("Length of a derived key", len(min(derived)) * 8, "bit", least=KEY_BITS_MIN)
    await _strong_ring(bench, "SOLVENT_SECRET_KEYS")


@config_check("secrets-previous-key-held")
async def one_former_key_is_held(bench: Bench) -> None:
    """Count the keys of the ring and see whether any lingers."""
    ring: KeyRing = bench.installation.setting("SOLVENT_SECRET_KEYS")
    bench.within("Keys that are held", len(ring.kids), "keys", least=1, most=2)
    _no_finding(bench, "key_lingers")


@config_check("secrets-distinct-per-purpose")
async def no_secret_serves_twice(bench: Bench) -> None:
    """Compare all secrets with each other."""
    _no_finding(bench, "secret_reused", "at_odds")


@static_scan("secrets-csprng")
async def secrets_come_from_chance(bench: Bench) -> None:
    """Make many keys and count their bytes; read which source the program draws on."""
    rings = [KeyRing.parse(generate_key()) for _ in range(KEYS_MADE)]
    keys = [ring.derive("certify") for ring in rings]
    bench.equal(f"Keys of {KEYS_MADE} that differ", len(set(keys)), KEYS_MADE)
    sample = b"".join(keys)
    expected = len(sample) / 256
    chi = sum((sample.count(bytes([byte])) - expected) ** 2 / expected for byte in range(256))
    bench.within("Chi-square of their bytes", chi, "", most=CHI_SQUARE_MAX)
    text = (bench.installation.package / "runtime/keys.py").read_text("utf-8")
    bench.hold("The program draws on the system's chance", "secrets.token_bytes" in text)
    bench.hold("It draws on no other", "import random" not in text)


@live_probe("secrets-generator-command", Need.INSTALLATION)
async def one_command_makes_them(bench: Bench) -> None:
    """Have a file of secrets made and look at it."""
    with tempfile.TemporaryDirectory(prefix="solvent-certify-") as folder:
        file = Path(folder) / "solvent.env"
        ran = await bench.installation.command("secrets", "generate", "--out", str(file))
        bench.equal("The command ends", ran.code, 0)
        if ran.code:
            return
        lines = dict(line.split("=", 1) for line in file.read_text("ascii").splitlines())
        bench.equal("Mode of the file", oct(stat.S_IMODE(file.stat().st_mode)), "0o600")
        bench.equal("What it sets", sorted(lines), ["SOLVENT_FIELD_KEYS", "SOLVENT_SECRET_KEYS"])
        for name, text in lines.items():
            ring = KeyRing.parse(text)
            bits = ring.bits(ring.current_kid)
            bench.within(f"{name} holds", bits, "bit", least=KEY_BITS_MIN)
            bench.hold(f"{name} is not printed", text.partition(":")[2] not in ran.out + ran.err)


@live_probe("secrets-env-updater", Need.INSTALLATION)
async def one_command_changes_them(bench: Bench) -> None:
    """Rotate a ring in a file among other lines."""
    with tempfile.TemporaryDirectory(prefix="solvent-certify-") as folder:
        file, key = Path(folder) / "solvent.env", generate_key()
        before = f'# a comment\nOTHER="kept as it is"\nSOLVENT_SECRET_KEYS={key}\n\nLAST=1\n'
        file.touch(0o600)
        file.write_text(before)
        ran = await bench.installation.command("secrets", "rotate", "--env-file", str(file))
        after = file.read_text()
        bench.equal("The command ends", ran.code, 0)
        changed = [
            new
            for old, new in zip(before.splitlines(), after.splitlines(), strict=False)
            if old != new
        ]
        bench.equal("Lines that changed", len(changed), 1)
        bench.hold("The former key is still held", changed and changed[0].endswith(key))
        bench.equal("Mode of the file", oct(stat.S_IMODE(file.stat().st_mode)), "0o600")
        copies = _others(file)
        bench.equal("Copies of before", [path.read_text() for path in copies], [before])


def _others(file: Path) -> list[Path]:
    """Return the files beside ``file``."""
    return [path for path in file.parent.iterdir() if path != file]


@config_check("secrets-database-password-24")
async def the_database_has_a_long_password(bench: Bench) -> None:
    """Measure the passwords in the addresses of the database."""
    found = [
        each
        for each in held(bench)
        if each.setting in {"SOLVENT_DATABASE_URL", "SOLVENT_DB_OWNER_URL"}
    ]
    if not found and bench.installation.setting("SOLVENT_DATABASE_URL") is None:
        raise NotApplicable("The embedded server knows no password: its socket is this user's own.")
    for each in found:
        bench.within(
            f"Password of {each.setting}",
            each.characters or 0,
            "characters",
            least=DATABASE_CHARS_MIN,
        )
    bench.hold("The database's address holds a password", found, len(found))


@live_probe("secrets-redis-password-32", Need.INSTALLATION)
async def redis_has_a_long_password(bench: Bench) -> None:
    """Measure the password of Redis."""
    if bench.installation.setting("SOLVENT_REDIS_URL") is None:
        raise NotApplicable("Redis is not used: one web process counts in memory.")
    found = [each for each in held(bench) if each.setting == "SOLVENT_REDIS_URL"]
    bench.hold("The address of Redis holds a password", found, len(found))
    for each in found:
        bench.within("Password of Redis", each.characters or 0, "characters", least=REDIS_CHARS_MIN)


@config_check("secrets-from-environment")
async def secrets_come_from_outside(bench: Bench) -> None:
    """Read the origin of each secret."""
    for each in held(bench):
        bench.hold(f"{each.setting} has an origin outside of the program", each.origin, each.origin)
    without = {name: value for name, value in production().items() if not name.endswith("_KEYS")}
    ran = await bench.installation.command("serve", environ=without)
    bench.hold("Without keys of its own nothing starts", ran.code == 1, ran.code)


@config_check("secrets-rotation-90-days")
async def keys_are_young(bench: Bench) -> None:
    """Read when the newest key of each ring was made."""
    newest: dict[str, Any] = {}
    for each in held(bench):
        if each.kid is not None:
            newest.setdefault(each.setting, each.made_on)
    today = bench.clock.now().date()
    bench.within(
        "SOLVENT_SECRET_MAX_AGE_DAYS",
        int(bench.installation.setting("SOLVENT_SECRET_MAX_AGE_DAYS")),
        "d",
        most=AGE_DAYS_MAX,
    )
    for name, made in newest.items():
        bench.hold(f"{name} tells when it was made", made, made)
        if made:
            bench.within(f"Age of {name}", (today - made).days, "d", most=AGE_DAYS_MAX)


@live_probe("secrets-manager-backends", Need.INSTALLATION)
async def secrets_come_from_mounts(bench: Bench) -> None:
    """Have settings read from a file and from a folder, then from files that are not there."""
    with tempfile.TemporaryDirectory(prefix="solvent-certify-") as folder:
        mount = Path(folder) / "mounted"
        mount.mkdir()
        base = production()
        single = Path(folder) / "ring"
        for path, name in (
            (single, "SOLVENT_SECRET_KEYS"),
            (mount / "solvent_field_keys", "SOLVENT_FIELD_KEYS"),
        ):
            path.touch(0o600)
            path.write_text(base.pop(name))
        given = base | {"SOLVENT_SECRET_KEYS_FILE": str(single), "SOLVENT_SECRETS_DIR": str(mount)}
        good = await _checked(bench, given)
        bench.equal("Secrets from a file and from a mounted folder", good.code, 0)
        bench.hold("Their values are not shown", "settings.missing" not in good.out, good.out)
        gone = await _checked(bench, given | {"SOLVENT_SECRET_KEYS_FILE": f"{folder}/gone"})
        bench.equal("A file that is not there", gone.code, 1)


async def _checked(bench: Bench, environ: Mapping[str, str]) -> Ran:
    return await bench.installation.command("settings", "check", "--json", environ=environ)


@live_probe("secrets-database-credentials", Need.INSTALLATION)
async def the_application_is_no_owner(bench: Bench) -> None:
    """Read what the application's role may do in the catalogue, and try what it may not."""
    rows = await bench.installation.rows(ROLE)
    bench.equal("The role is there", len(rows), 1)
    for name in ("rolsuper", "rolcreaterole", "rolcreatedb", "rolbypassrls"):
        bench.equal(f"{name} of the application's role", [row[name] for row in rows], [False])
    bench.equal("What it owns", [row["owned"] for row in rows], [0])
    refused = await bench.installation.refusal_of("delete from journal")
    bench.equal("Deleting records as the application", refused, "42501")


@config_check("secrets-file-permissions")
async def files_of_secrets_are_closed(bench: Bench) -> None:
    """Look at the mode of every file that holds a secret."""
    known = {each.name.name for each in all_settings() if each.name.secret}
    _no_finding(bench, "file_open_to_others")
    data_dir: Path | None = bench.installation.setting("SOLVENT_DATA_DIR")
    named = [
        Path(value)
        for name, value in bench.installation.environ.items()
        if name.endswith("_FILE") and name.removesuffix("_FILE") in known
    ]
    kept = sorted((data_dir / "keys").glob("*")) if data_dir else []
    for path in (*named, *kept):
        mode, above = stat.S_IMODE(path.stat().st_mode), stat.S_IMODE(path.parent.stat().st_mode)
        bench.hold(f"{path.name} is its owner's alone", not mode & 0o077, oct(mode))
        bench.hold(
            f"The folder of {path.name} is not everybody's to write", not above & 0o002, oct(above)
        )


PROBES: Final[Sequence[Probe]] = (
    published_secrets_are_refused,
    placeholders_are_refused,
    tokens_have_a_strong_key,
    purposes_have_their_own_keys,
    one_former_key_is_held,
    no_secret_serves_twice,
    secrets_come_from_chance,
    one_command_makes_them,
    one_command_changes_them,
    the_database_has_a_long_password,
    redis_has_a_long_password,
    secrets_come_from_outside,
    keys_are_young,
    secrets_come_from_mounts,
    the_application_is_no_owner,
    files_of_secrets_are_closed,
)
