"""The inside of an installation, for probes that run beside it: settings, database, commands."""

import asyncio
import importlib.metadata
import tempfile
from collections.abc import Mapping, Sequence
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any

import asyncpg

from solvent.kernel.probe import Ran
from solvent.runtime.database import APP, OWNER, DatabaseAddress, connect
from solvent.runtime.settinggroups import Settings
from solvent.runtime.settings import all_settings

COMMAND_TIMEOUT_S = 60
STATEMENT_TIMEOUT_MS = 30_000


class Inside:
    """An installation's settings as deployed, its database by role, and its own program."""

    def __init__(
        self,
        settings: Settings,
        address: DatabaseAddress,
        *,
        environ: Mapping[str, str],
        program: Sequence[str],
    ) -> None:
        """Look into the installation of ``settings``, which were read from ``environ``.

        ``program`` is how ``solvent`` is called.
        """
        self._environ = dict(environ)
        self._settings = settings
        self._address = address
        self._program = tuple(program)
        self._paths = {each.name.name: ".".join(each.path) for each in all_settings()}

    @property
    def package(self) -> Path:
        """The folder of the program's own files."""
        return Path(str(files("solvent")))

    @property
    def environ(self) -> Mapping[str, str]:
        """The environment that the settings were read from."""
        return self._environ

    def setting(self, name: str) -> Any:
        """Return the value of a setting by its name in the environment."""
        return attrgetter(self._paths[name])(self._settings)

    async def rows(self, query: str, *arguments: object) -> Sequence[Mapping[str, Any]]:
        """Ask as the owner of the tables, in a transaction that can change nothing."""
        connection = await connect(
            self._address.owner, OWNER, statement_timeout_ms=STATEMENT_TIMEOUT_MS
        )
        try:
            async with connection.transaction(readonly=True):
                return [dict(row) for row in await connection.fetch(query, *arguments)]
        finally:
            await connection.close()

    async def refusal_of(self, statement: str, *arguments: object) -> str:
        """Try ``statement`` as the application and undo it; return the SQLSTATE that refused it."""
        connection = await connect(
            self._address.app, APP, statement_timeout_ms=STATEMENT_TIMEOUT_MS
        )
        attempt = connection.transaction()
        await attempt.start()
        try:
            await connection.execute(statement, *arguments)
        except asyncpg.PostgresError as refused:
            return str(refused.sqlstate)
        else:
            return ""
        finally:
            await attempt.rollback()
            await connection.close()

    def declared(self, name: str) -> list[str]:
        """Return what the program's metadata declares under ``name``."""
        return list(importlib.metadata.metadata("solvent").get_all(name) or ())

    async def command(self, *arguments: str, environ: Mapping[str, str] | None = None) -> Ran:
        """Run the program in an empty folder, with ``environ`` and nothing of our own."""
        with tempfile.TemporaryDirectory(prefix="solvent-certify-") as folder:
            process = await asyncio.create_subprocess_exec(
                *self._program,
                *arguments,
                cwd=folder,
                env={"PATH": "/usr/bin:/bin", "HOME": folder, **(environ or {})},
                stdin=asyncio.subprocess.DEVNULL,
                stdout=asyncio.subprocess.PIPE,
                stderr=asyncio.subprocess.PIPE,
            )
            try:
                out, err = await asyncio.wait_for(process.communicate(), COMMAND_TIMEOUT_S)
            except TimeoutError:
                process.kill()
                out, err = await process.communicate()
        return Ran(
            process.returncode or 0, out.decode(errors="replace"), err.decode(errors="replace")
        )
