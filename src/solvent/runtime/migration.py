"""What a migration calls: it runs the SQL file that stands beside it."""

from pathlib import Path
from typing import Any

from alembic import op


def run_sql_beside(migration: str) -> None:
    """Run all statements of the file named as ``migration`` but ending in ``.sql``.

    They go through the driver's own ``execute``: SQLAlchemy's dialect takes one statement at a time.
    """
    text = Path(migration).with_suffix(".sql").read_text(encoding="utf-8")
    adapted: Any = op.get_bind().connection.dbapi_connection

    async def run(driver: Any) -> None:
        await driver.execute(text)

    adapted.run_async(run)
