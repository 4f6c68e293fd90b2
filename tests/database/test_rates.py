"""The exchange rates that Solvent brings along: loaded once, read by all, written by none."""

import asyncio
from datetime import date, timedelta
from decimal import Decimal

import asyncpg
import pytest

from solvent.kernel.currency import DIGITS
from solvent.ledger.operations.load_rates import load_rates, published_rates
from solvent.ledger.operations.read_rates import read_rates
from solvent.runtime.database import APP, OWNER, DatabaseAddress, connect
from solvent.runtime.work import Works

FIRST = date(1999, 1, 4)
FRIDAY = date(2020, 1, 3)


async def loaded(address: DatabaseAddress) -> int:
    owner = await connect(address.owner, OWNER)
    try:
        return await load_rates(owner)
    finally:
        await owner.close()


async def test_an_edition_is_loaded_once_and_read_by_day(
    address: DatabaseAddress, works: Works
) -> None:
    counts = await asyncio.gather(loaded(address), loaded(address))
    assert max(counts) > 150_000
    assert await loaded(address) == 0
    async with works.for_nobody(cause="test") as work:
        assert await work.value("select count(*) from rate") == max(counts)
        days = [FIRST, FRIDAY, FRIDAY + timedelta(days=2), date(1998, 12, 31), date(2200, 1, 1)]
        table = await read_rates(work, currencies=["USD", "JPY", "EUR", "XAF"], days=days)
    assert table.rate("EUR", "USD", FIRST) == Decimal("1.1789")
    assert table.rate("EUR", "JPY", FIRST) == Decimal("133.73")
    assert table.rate("EUR", "USD", FRIDAY) == Decimal("1.1147")
    assert table.rate("EUR", "USD", days[2]) == Decimal("1.1147"), "a Sunday has Friday's rate"
    assert table.convert(11_147, "USD", "EUR", FRIDAY) == 10_000
    for unknown in days[3:]:
        assert table.rate("EUR", "USD", unknown) is None
    assert table.rate("EUR", "XAF", FRIDAY) is None


async def test_the_application_reads_rates_and_writes_none(address: DatabaseAddress) -> None:
    app = await connect(address.app, APP)
    try:
        for statement in ("insert into rate values ('USD', '2026-01-01', 2)", "delete from rate"):
            with pytest.raises(asyncpg.InsufficientPrivilegeError):
                await app.execute(statement)
    finally:
        await app.close()


def test_published_rates_are_plain_facts() -> None:
    rates = list(published_rates())
    assert len({(currency, day) for currency, day, _ in rates}) == len(rates)
    assert {currency for currency, _, _ in rates} <= DIGITS.keys() - {"EUR"}
    assert min(day for _, day, _ in rates) == FIRST
    assert all(per_euro > 0 for _, _, per_euro in rates)
