"""Where an installation's database is, found out without reading every setting.

Reading all settings costs a third of a second; a command that only asks the database a question
reads these five, by the same names and the same rules.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from solvent.kernel.errors import Refusal
from solvent.runtime.environment import Gathered, Name, gather
from solvent.runtime.secretstores import open_stores
from solvent.runtime.settingvalues import read_database_url, read_path

DATABASE_URL = Name("SOLVENT_DATABASE_URL", ("DATABASE_URL", "POSTGRES_URL"), secret=True)
OWNER_URL = Name("SOLVENT_DB_OWNER_URL", secret=True)
LISTEN_URL = Name("SOLVENT_DB_LISTEN_URL", secret=True)
DATA_DIR = Name("SOLVENT_DATA_DIR")
ENV = Name("SOLVENT_ENV")
NAMES = (DATABASE_URL, OWNER_URL, LISTEN_URL, DATA_DIR, ENV)
"""As the settings have them; a test holds the two against each other."""

UNGUARDED = frozenset({"development", "test"})
"""Environments in which a place is made up where none is named."""


class Nowhere(Refusal):
    """It is not said, or not clearly, where the database is."""

    code = "runtime.nowhere"


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """A database by URL, or else the data directory whose embedded server has it."""

    url: str | None
    owner_url: str | None
    listen_url: str | None
    data_dir: Path | None


def whereabouts(
    environ: Mapping[str, str], *, flags: Mapping[str, str] | None = None
) -> Whereabouts:
    """Find out where the database is; ``flags`` are the command line's, by names of settings.

    Raises :class:`Nowhere` with everything that is wrong.
    """
    opened = open_stores(environ)
    gathered = gather(environ, NAMES, flags=flags, stores=opened.stores)
    wrong = [each.message for each in (*opened.findings, *gathered.findings) if each.stops]
    url = _value(gathered, DATABASE_URL, read_database_url, wrong)
    owner_url = _value(gathered, OWNER_URL, read_database_url, wrong)
    listen_url = _value(gathered, LISTEN_URL, read_database_url, wrong)
    said = _value(gathered, DATA_DIR, read_path, wrong)
    data_dir = None if said is None else Path(said)
    if data_dir is None and gathered.values.get(ENV.name, "").strip().lower() in UNGUARDED:
        data_dir = user_data_dir(environ)
    if url is None and data_dir is None and not wrong:
        wrong.append(
            "It is not said where the books are. Set SOLVENT_DATA_DIR (or --data-dir) to the data "
            "directory, or SOLVENT_DATABASE_URL to the database."
        )
    if wrong:
        raise Nowhere("\n".join(wrong))
    return Whereabouts(url, owner_url, listen_url, data_dir)


def user_data_dir(environ: Mapping[str, str]) -> Path | None:
    """Return Solvent's directory among the user's data; None where there is no user's home."""
    said = environ.get("XDG_DATA_HOME", "")
    if Path(said).is_absolute():
        return Path(said) / "solvent"
    home = environ.get("HOME", "")
    return Path(home, ".local", "share", "solvent") if Path(home).is_absolute() else None


def _value(
    gathered: Gathered, name: Name, read: Callable[[object], object], wrong: list[str]
) -> str | None:
    """Return the value of one setting as text; add to ``wrong`` what is wrong with it."""
    if name.name not in gathered.values:
        return None
    try:
        return str(read(gathered.values[name.name].strip()))
    except ValueError as bad:
        wrong.append(f"{name.name} cannot be used: {bad}. Correct it, or unset it.")
        return None
