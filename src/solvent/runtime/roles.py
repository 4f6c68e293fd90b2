"""The login that the application uses, held to what it may be: one that owns nothing."""

import asyncpg

from solvent.kernel.errors import Refusal
from solvent.runtime.database import DatabaseUnavailable
from solvent.runtime.statements import sql

STRENGTH = sql("""
    select r.rolsuper or r.rolbypassrls
           or exists (select from pg_class c where c.relowner = r.oid and c.relname = 'journal')
           or pg_has_role(r.oid, 'solvent_owner', 'usage')
      from pg_roles r where r.rolname = session_user
""")


class RoleTooStrong(Refusal):
    """The application's login could read every household, whatever the policies say."""

    code = "runtime.role_too_strong"

    def __init__(self) -> None:
        """Say what to give instead."""
        super().__init__(
            "The login of SOLVENT_DATABASE_URL owns tables, is a superuser or bypasses row-level "
            "security. Give it a login that is only a member of solvent_app, and give the owner's "
            "as SOLVENT_DB_OWNER_URL.",
            setting="SOLVENT_DATABASE_URL",
        )


async def check_application_login(url: str) -> None:
    """Refuse a login that row-level security cannot hold."""
    try:
        connection = await asyncpg.connect(url, timeout=10)
    except (OSError, asyncpg.PostgresConnectionError, asyncpg.CannotConnectNowError) as gone:
        raise DatabaseUnavailable from gone
    try:
        if await connection.fetchval(STRENGTH):
            raise RoleTooStrong
    finally:
        await connection.close()
