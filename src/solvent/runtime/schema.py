"""The schema of the database: brought to the newest version before anything is served.

Migrations run one process at a time, under an advisory lock, with time limits on locks and
statements, as ``solvent_owner``. Alembic is imported only by the subprocess-free path that needs it:
when the schema is behind.
"""

import importlib
from pathlib import Path
from typing import Any

import asyncpg

import solvent
from solvent.kernel.errors import Refusal
from solvent.runtime.database import OWNER, DatabaseAddress, connect

LOCK_KEY = 7_102_026
LOCK_TIMEOUT_MS = 10_000
STATEMENT_TIMEOUT_MS = 600_000

ROLES = ("solvent_owner", "solvent_app", "solvent_jobs", "solvent_verifier", "solvent_backup")


class SchemaNewer(Refusal):
    """The database was migrated by a newer release than this one."""

    code = "runtime.schema_newer"

    def __init__(self, found: str) -> None:
        """Name the version that was found."""
        super().__init__(
            f"The database has schema {found}, which this release does not know; "
            "start the release that wrote it, or restore a backup.",
            found=found,
        )


class RolesMissing(Refusal):
    """The roles of Solvent are not there and the owner's login may not create them."""

    code = "runtime.roles_missing"

    def __init__(self) -> None:
        """Give the statements that an administrator runs once."""
        statements = " ".join(f"CREATE ROLE {role} NOLOGIN;" for role in ROLES)
        super().__init__(
            "SOLVENT_DB_OWNER_URL may not create roles. As an administrator run once: "
            f"{statements} and GRANT solvent_owner, solvent_app, solvent_verifier to that login, "
            "GRANT CREATE ON DATABASE to solvent_owner."
        )


def migrations_folder() -> Path:
    """Return where the migrations are: in the checkout, or inside the installed package."""
    package = Path(solvent.__file__).parent
    inside = package / "_migrations"
    return inside if inside.is_dir() else package.parents[1] / "migrations"


def versions() -> list[str]:
    """Return the names of all versions, oldest first."""
    return sorted(path.stem for path in (migrations_folder() / "versions").glob("[0-9]*.py"))


async def migrate(address: DatabaseAddress) -> bool:
    """Bring the schema to the newest version; return whether there was anything to do."""
    if await _prepared(address) and await _is_newest(address):
        return False
    await _prepare_roles(address)
    lock = await connect(address.owner, OWNER, statement_timeout_ms=STATEMENT_TIMEOUT_MS)
    try:
        await lock.execute("select pg_advisory_lock($1)", LOCK_KEY)
        if await _is_newest(address):
            return False
        await _upgrade(address)
    finally:
        await lock.close()
    return True


async def _prepared(address: DatabaseAddress) -> bool:
    """Tell whether the schema exists and the owner's login may act as its owner."""
    try:
        connection = await connect(address.owner, OWNER)
    except (asyncpg.InvalidParameterValueError, asyncpg.InsufficientPrivilegeError):
        return False
    try:
        return bool(await connection.fetchval("select to_regnamespace('solvent') is not null"))
    finally:
        await connection.close()


async def _is_newest(address: DatabaseAddress) -> bool:
    known = versions()
    connection = await connect(address.owner, OWNER)
    try:
        if await connection.fetchval("select to_regclass('solvent.schema_version')") is None:
            return False
        found = await connection.fetchval("select max(version_num) from schema_version")
    finally:
        await connection.close()
    if found is not None and found not in known:
        raise SchemaNewer(found)
    return bool(found == known[-1])


async def _prepare_roles(address: DatabaseAddress) -> None:
    """Create the roles and the schema where they are missing, as the owner's own login."""
    connection = await asyncpg.connect(address.owner, timeout=10)
    try:
        await connection.execute("select pg_advisory_lock($1)", LOCK_KEY)
        for role in ROLES:
            await connection.execute(f"""
                do $$ begin
                    if not exists (select from pg_roles where rolname = '{role}') then
                        create role {role} nologin; end if;
                exception when duplicate_object or unique_violation then null;
                end $$""")
        await connection.execute("""
            do $$ begin
                if not pg_has_role(current_user, 'solvent_owner', 'usage') then
                    execute format('grant solvent_owner, solvent_app, solvent_verifier, solvent_jobs to %I',
                                   current_user);
                end if;
                execute format('grant create, temporary on database %I to solvent_owner', current_database());
                execute format('grant temporary on database %I to solvent_app', current_database());
            end $$;
            create schema if not exists solvent authorization solvent_owner""")
    except asyncpg.InsufficientPrivilegeError as refused:
        raise RolesMissing from refused
    finally:
        await connection.close()


async def _upgrade(address: DatabaseAddress) -> None:
    """Run Alembic to the newest version on a connection of the owner."""
    command: Any = importlib.import_module("alembic.command")
    config_module: Any = importlib.import_module("alembic.config")
    asyncio_engine: Any = importlib.import_module("sqlalchemy.ext.asyncio")
    config = config_module.Config()
    config.set_main_option("script_location", str(migrations_folder()))

    async def open_driver(*_: object, **__: object) -> Any:
        driver = await connect(address.owner, OWNER, statement_timeout_ms=STATEMENT_TIMEOUT_MS)
        await driver.execute(f"set lock_timeout = {LOCK_TIMEOUT_MS}")
        return driver

    engine = asyncio_engine.create_async_engine(
        "postgresql+asyncpg://", async_creator=open_driver, poolclass=None
    )
    try:
        async with engine.connect() as connection:

            def upgrade(bind: Any) -> None:
                config.attributes["connection"] = bind
                command.upgrade(config, "head")

            await connection.run_sync(upgrade)
            await connection.commit()
    finally:
        await engine.dispose()
