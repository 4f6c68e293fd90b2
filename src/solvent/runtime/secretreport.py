"""Which secrets an installation has, where each came from, how strong and how old: never the secret."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from solvent.runtime.environment import FILE_SUFFIX, Finding
from solvent.runtime.keys import BadKeys, KeyRing, made_on
from solvent.runtime.secretrules import secrets_of
from solvent.runtime.secretstores import DIRECTORY
from solvent.runtime.settings import KEY_FILES, Examined, all_settings, examine

OPEN_FILE = "settings.file_open_to_others"


@dataclass(frozen=True, slots=True)
class HeldSecret:
    """One secret: its setting and part, its origin, and what can be told of it.

    ``bits`` count the decoded bytes of a key; ``characters`` the length of anything else.
    """

    setting: str
    part: str
    origin: str
    kid: str | None = None
    made_on: date | None = None
    bits: int | None = None
    characters: int | None = None


@dataclass(frozen=True, slots=True)
class SecretReport:
    """The secrets of an installation, and what is wrong with them."""

    secrets: tuple[HeldSecret, ...]
    findings: tuple[Finding, ...]
    notices: tuple[Finding, ...]


def report_secrets(
    environ: Mapping[str, str], *, flags: Mapping[str, str] | None = None, today: date | None = None
) -> SecretReport:
    """Look at every secret of this environment, changing nothing."""
    examined = examine(environ, flags, today)
    secret = {setting.name.name for setting in all_settings() if setting.name.secret}
    gathered = examined.gathered
    findings = [each for each in gathered.findings if each.setting in secret]
    findings.extend(each for each in gathered.notices if each.code == OPEN_FILE)
    notices = [
        each for each in gathered.notices if each.setting in secret and each.code != OPEN_FILE
    ]
    return SecretReport(tuple(_held(examined)), tuple(findings), tuple(notices))


def ring_file(
    name: str, environ: Mapping[str, str], *, flags: Mapping[str, str] | None = None
) -> Path | None:
    """Return the file that holds the ring called ``name``; None where it came another way."""
    examined = examine(environ, flags, None)
    source = examined.gathered.sources.get(name)
    if source is None:
        return kept_file(name, examined)
    if source == name + FILE_SUFFIX:
        return Path(environ[source])
    return _mounted(name, examined.ground.secrets_dir) if DIRECTORY in source else None


def kept_file(name: str, examined: Examined) -> Path | None:
    """Return the file of the data directory in which a ring that nobody gave is kept."""
    data_dir = examined.ground.data_dir
    kept = None if data_dir is None else data_dir / "keys" / KEY_FILES[name]
    return kept if kept is not None and kept.is_file() else None


def _mounted(name: str, directory: Path | None) -> Path | None:
    """Return the file of a mounted directory that is called like a setting, in any case."""
    if directory is None:
        return None
    return next((file for file in directory.iterdir() if file.name.upper() == name), None)


def _held(examined: Examined) -> Iterator[HeldSecret]:
    """Yield every secret, keys first."""
    gathered = examined.gathered
    for name in KEY_FILES:
        ring, origin = examined.rings.get(name), gathered.sources.get(name, "")
        kept = kept_file(name, examined)
        if ring is None and kept is not None:
            ring, origin = _kept_ring(kept), "data directory"
        for kid in ring.kids if ring else ():
            bits = ring.bits(kid) if ring else 0
            yield HeldSecret(name, "", origin, kid, made_on(kid), bits=bits)
    names = [each.name for each in all_settings() if each.name.name not in KEY_FILES]
    for secret in secrets_of(gathered.values, names):
        origin = gathered.sources[secret.setting]
        yield HeldSecret(secret.setting, secret.part, origin, characters=len(secret.text))


def _kept_ring(file: Path) -> KeyRing | None:
    try:
        return KeyRing.parse(file.read_text("ascii").strip())
    except (OSError, UnicodeDecodeError, BadKeys):
        return None
