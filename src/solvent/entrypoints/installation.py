"""An installation as its operator's commands find it: all settings, and a schema that is ready."""

import sys
from collections.abc import Mapping
from pathlib import Path

from solvent.kernel.errors import Refusal
from solvent.ledger.operations.load_rates import load_rates
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.environment import process_environment
from solvent.runtime.roles import check_application_login
from solvent.runtime.schema import migrate
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import load
from solvent.runtime.whereabouts import Whereabouts


class SettingsRefused(Refusal):
    """Something about the settings keeps the installation from starting."""

    code = "entrypoints.settings_refused"


def settings_of(flags: Mapping[str, str] | None = None) -> Settings:
    """Read the settings of this process; print notices, refuse with every finding at once."""
    loaded = load(process_environment(), flags=flags)
    if loaded.settings is None:
        raise SettingsRefused(
            "\n".join(finding.message for finding in loaded.findings if finding.stops)
        )
    for notice in (*loaded.findings, *loaded.notices):
        print(f"solvent: {notice.message}", file=sys.stderr)  # noqa: T201 - before logs are set up
    return loaded.settings


def place_of(settings: Settings) -> Whereabouts:
    """Return where the settings say that the database is."""
    database = settings.database
    return Whereabouts(database.url, database.owner_url, database.listen_url, settings.data_dir)


def data_dir_of(settings: Settings) -> Path:
    """Return the data directory; refuse settings that have none."""
    if settings.data_dir is None:
        raise SettingsRefused("SOLVENT_DATA_DIR is not set. Set it to a directory.")
    return settings.data_dir


async def prepare(address: DatabaseAddress, *, guarded: bool = False) -> bool:
    """Bring the schema to the newest version and load the rates; return whether it was behind.

    A ``guarded`` installation refuses an application login that no policy could hold.
    """
    behind = await migrate(address)
    if guarded:
        await check_application_login(address.app)
    owner = await connect(address.owner, OWNER)
    try:
        await load_rates(owner)
    finally:
        await owner.close()
    return behind
