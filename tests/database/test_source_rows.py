"""What a bank wrote can be added and read, and changed by nobody."""

from datetime import date

import asyncpg
import pytest

from solvent.runtime.database import APP, DatabaseAddress, connect
from tests.database.bookkeeping import Books
from tests.database.clients import Member
from tests.database.statements import ofx


@pytest.mark.parametrize(
    "change",
    [
        "update source_item set amount_minor = amount_minor + 1",
        "update source_item set payee = 'Somebody else'",
        "update source_item set booked_on = booked_on + 1",
        "update source_item set fingerprint = md5('x')::uuid",
        "delete from source_item",
        "update source_chunk set content = ''",
        "delete from source",
    ],
)
async def test_a_row_of_a_bank_cannot_be_changed(
    signed_up: Member, address: DatabaseAddress, change: str
) -> None:
    content = ofx([("r1", date(2026, 3, 1), -1_000)], account="77")
    await Books(signed_up).done("POST", "imports", files={"file": ("bank.ofx", content)})
    connection = await connect(address.app, APP)
    try:
        await connection.execute(
            "select set_config('solvent.household', $1, false), set_config('solvent.reads', 'all', false),"
            " set_config('solvent.edits', 'all', false)",
            str(signed_up.household),
        )
        assert await connection.fetchval("select count(*) from source_item") == 1
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await connection.execute(change)
    finally:
        await connection.close()
