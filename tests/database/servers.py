"""The two servers that the database tests run on: embedded PostgreSQL 18 and Debian's 15.

Each worker has a migrated template on each, which is cloned for every test that commits.
"""

import asyncio
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import AsyncGenerator, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import asyncpg

from solvent.runtime.database import DatabaseAddress
from solvent.runtime.embedded.address import Address
from solvent.runtime.embedded.cluster import SUPERUSER
from solvent.runtime.embedded.supervisor import EmbeddedServer
from solvent.runtime.schema import migrate

DEBIAN = Path("/usr/lib/postgresql/15/bin")
DEBIAN_USER = "postgres"
START_TIMEOUT_S = 30
LOCK = 3_300_815
"""Held while a template is copied or roles are made: workers of one run share a server."""


@dataclass
class Server:
    """A PostgreSQL server whose databases are made and dropped by tests.

    ``address`` leads to one of its databases by role, ``admin`` to one as its superuser. ``copying``
    is the quicker strategy for a template: files where nothing waits for the disk, else the log.
    """

    name: str
    prefix: str
    admin: Callable[[str], str]
    address: Callable[[str], DatabaseAddress]
    copying: str
    _numbers: "count[int]" = field(default_factory=count)

    async def run(self, *statements: str) -> None:
        """Run ``statements`` as superuser, outside of any transaction."""
        connection = await asyncpg.connect(self.admin("postgres"))
        try:
            await connection.execute("select pg_advisory_lock($1)", LOCK)
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    def empty(self) -> str:
        """Make an empty database and return its name."""
        name = self._next("empty")
        asyncio.run(self.run(f"create database {name}", *self._opened(name)))
        return name

    def migrated(self) -> str:
        """Make a migrated database and return its name."""
        name = self.empty()
        asyncio.run(self._migrate(name))
        return name

    async def _migrate(self, name: str) -> None:
        """Migrate one database at a time: roles are shared by all of a server."""
        connection = await asyncpg.connect(self.admin("postgres"))
        try:
            await connection.execute("select pg_advisory_lock($1)", LOCK)
            await migrate(self.address(name))
        finally:
            await connection.close()

    @asynccontextmanager
    async def cloned(self, template: str) -> AsyncGenerator[str, None]:
        """Lend a copy of ``template`` and drop it afterwards."""
        name = self._next("clone")
        await self.run(
            f"create database {name} template {template} strategy {self.copying}",
            *self._opened(name),
        )
        try:
            yield name
        finally:
            await self.run(f"drop database {name} with (force)")

    def drop(self, name: str) -> None:
        """Drop a database, whoever is connected."""
        asyncio.run(self.run(f"drop database if exists {name} with (force)"))

    def _next(self, what: str) -> str:
        return f"{self.prefix}_{what}_{next(self._numbers)}"

    def _opened(self, name: str) -> tuple[str, ...]:
        """Return what lets the owner's role make a schema, as in an installation."""
        exists = "select from pg_roles where rolname = 'solvent_owner'"
        grant = f"grant create, temporary on database {name} to solvent_owner"
        return (f"do $$ begin if exists ({exists}) then {grant}; end if; end $$",)


@contextmanager
def embedded(prefix: str) -> Generator[Server, None, None]:
    """Start the embedded server in a folder of its own, and stop it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="solvent-test-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    try:
        with EmbeddedServer.start(folder / "data") as running:
            host = running.address.host

            def admin(database: str) -> str:
                return Address(host, database).dsn(SUPERUSER)

            def address(database: str) -> DatabaseAddress:
                place = Address(host, database)
                owner = place.dsn("solvent_owner")
                verifier = place.dsn("solvent_verifier")
                jobs = place.dsn("solvent_jobs")
                return DatabaseAddress(place.dsn("solvent_app"), owner, owner, verifier, jobs)

            server = Server("embedded-18", prefix, admin, address, "file_copy")
            # What a crash would lose here is only a test.
            asyncio.run(server.run("alter system set fsync = off", "select pg_reload_conf()"))
            yield server
    finally:
        shutil.rmtree(folder)


@contextmanager
def debian(prefix: str) -> Generator[Server, None, None]:
    """Start a private cluster of Debian's PostgreSQL 15, or use one that runs where it has no programs.

    A cluster of one's own need not wait for the disk: a copy of the template takes a tenth of the time.
    """
    if not (DEBIAN / "initdb").exists() and _answers("127.0.0.1", 5432):
        yield _debian_at(prefix, "postgresql://postgres@127.0.0.1:5432/{}", "wal_log")
        return
    folder = Path(tempfile.mkdtemp(prefix="solvent-pg15-", dir="/tmp"))
    user = pwd.getpwnam(DEBIAN_USER) if os.geteuid() == 0 else pwd.getpwuid(os.geteuid())
    os.chown(folder, user.pw_uid, user.pw_gid)
    _as(user, DEBIAN / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-N")
    options = f"-k {folder} -c listen_addresses= -c fsync=off"
    start = (DEBIAN / "pg_ctl", "-D", folder / "data", "-l", folder / "log", "-w")
    _as(user, *start, "-t", str(START_TIMEOUT_S), "-o", options, "start")
    try:
        yield _debian_at(prefix, f"postgresql:///{{}}?host={folder}&user=postgres", "file_copy")
    finally:
        _as(user, *start, "-m", "immediate", "stop")
        shutil.rmtree(folder)


def _debian_at(prefix: str, pattern: str, copying: str) -> Server:
    """Serve by a superuser's address, as a developer's own database does."""

    def address(database: str) -> DatabaseAddress:
        place = pattern.format(database)
        return DatabaseAddress(app=place, owner=place, listen=place)

    return Server("debian-15", prefix, pattern.format, address, copying)


def _as(user: pwd.struct_passwd, *command: str | Path) -> None:
    """Run a program of PostgreSQL as ``user``, for it refuses to run as root."""
    other = user.pw_uid != os.geteuid()
    subprocess.run(
        command,
        user=user.pw_uid if other else None,
        group=user.pw_gid if other else None,
        stdout=subprocess.DEVNULL,
        cwd="/",
        check=True,
    )


def _answers(host: str, port: int) -> bool:
    deadline = time.monotonic() + 1
    while time.monotonic() < deadline:
        try:
            socket.create_connection((host, port), timeout=1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
