"""Old records are removed against a signed checkpoint, young ones never, and the rest still chains."""

from datetime import UTC, datetime

import asyncpg
import pytest

from solvent.entrypoints.verification import SIGNATURES, verify
from solvent.oversight.operations.retire_records import retire_records
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.journal import JournalRecord
from solvent.runtime.keys import KeyRing, generate_key
from solvent.runtime.settinggroups import RetentionSettings, Settings
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import Member, log_in

KEPT = RetentionSettings()


@pytest.fixture
def clock() -> HandMovedClock:
    """A time that lies behind every retention."""
    return HandMovedClock(datetime(2018, 3, 15, 12, 0, tzinfo=UTC))


async def test_what_is_old_goes_and_the_rest_still_chains(
    signed_up: Member,
    works: Works,
    clock: HandMovedClock,
    settings: Settings,
    address: DatabaseAddress,
) -> None:
    keys = settings.secrets.field_keys
    clock.advance(days=2_000)
    await log_in(signed_up.client, "alma@example.org")
    async with works.for_machine(signed_up.household, cause="test") as work:
        await work.journal.note("thing.done")
        before = work.scope.seq
    clock.advance(days=600)
    assert await retire_records(works, keys=keys, kept=KEPT) == before + 3
    assert await verify(address, keys) == []
    changes = (await works_changes(works, signed_up))[0]
    assert changes.kind == "thing.done"
    clock.advance(days=400)
    assert await retire_records(works, keys=keys, kept=KEPT) == 2
    assert await verify(address, keys) == []
    (forged,) = await verify(address, KeyRing.parse(generate_key()))
    assert (forged.code, forged.count) == (SIGNATURES, 3)


async def works_changes(works: Works, member: Member) -> list[JournalRecord]:
    async with works.for_machine(member.household, cause="test") as work:
        return await work.journal.since(0, limit=10)


YOUNG = """
    select retire_security(e.seq, e.hash, now(), 'k', '') from security_event e
     where e.seq = (select max(seq) from security_event)
"""
"""As the owner, who sees all: the floor stands in the function."""


async def test_the_database_keeps_young_records_whatever_it_is_told(
    signed_up: Member, works: Works, clock: HandMovedClock, address: DatabaseAddress
) -> None:
    clock.advance(days=(datetime.now(UTC) - clock.now()).days - 364)
    await log_in(signed_up.client, "alma@example.org")
    async with works.for_machine(signed_up.household, cause="test") as work:
        clock.advance(days=-2_000)
        await work.journal.note("thing.done")
        with pytest.raises(asyncpg.CheckViolationError, match="seven years"):
            await work.execute(
                "select retire_journal(household_id, seq, hash, now(), 'k', '') from journal"
                " order by seq desc limit 1"
            )
    owner = await connect(address.owner, OWNER)
    try:
        with pytest.raises(asyncpg.CheckViolationError, match="for a year"):
            await owner.execute(YOUNG)
    finally:
        await owner.close()


async def test_removing_by_hand_is_found(signed_up: Member, address: DatabaseAddress) -> None:
    assert signed_up
    owner = await connect(address.owner, OWNER)
    try:
        await owner.execute("select set_config('solvent.retiring', 'on', false)")
        await owner.execute("delete from security_event where seq = 1")
        await owner.execute("delete from journal where seq = 1")
    finally:
        await owner.close()
    assert {"security.gapless", "journal.gapless"} <= {each.code for each in await verify(address)}
