"""Who cannot have the books in time is told to try again, and nothing is half-done."""

import asyncio

import pytest

from solvent.runtime.outcomes import BooksBusy
from solvent.runtime.work import Works
from tests.database.clients import Member

TAKE = "select pg_advisory_xact_lock($1)"


async def test_of_two_that_wait_for_each_other_one_goes_on(signed_up: Member, works: Works) -> None:
    met = asyncio.Barrier(2)

    async def take(first: int, second: int) -> str:
        async with works.for_machine(signed_up.household, cause="test") as work:
            await work.value(TAKE, first)
            await met.wait()
            await work.value(TAKE, second)
            await work.journal.note("thing.done")
        return "done"

    outcomes = await asyncio.gather(take(1, 2), take(2, 1), return_exceptions=True)
    assert sorted(type(each).__name__ for each in outcomes) == ["BooksBusy", "str"]
    async with works.for_machine(signed_up.household, cause="test") as work:
        done = [record.kind for record in await work.journal.since(0, limit=100)]
    assert done.count("thing.done") == 1


async def test_nobody_waits_for_ever(signed_up: Member, works: Works) -> None:
    async def hurried() -> None:
        async with works.for_machine(signed_up.household, cause="test") as work:
            await work.execute("set local lock_timeout = '50ms'")
            await work.journal.hold()

    async with works.for_machine(signed_up.household, cause="test") as work:
        await work.journal.hold()
        with pytest.raises(BooksBusy):
            await hurried()


async def test_a_held_household_can_still_be_read(signed_up: Member, works: Works) -> None:
    async with works.for_machine(signed_up.household, cause="test") as work:
        await work.journal.hold()
        answer = await signed_up.get(f"{signed_up.home}/accounts")
        assert answer.status_code == 200
