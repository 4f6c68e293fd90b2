"""The journal: numbered without gaps, chained, written once."""

import asyncio

import asyncpg
import pytest

from solvent.runtime.database import OWNER, VERIFIER, DatabaseAddress, connect
from solvent.runtime.journal import INVARIANTS
from solvent.runtime.work import Work, Works
from tests.database.clients import Member

INSERT = """
    insert into journal (household_id, at, actor, cause, kind, visibility)
    values ($1, now(), 'x', 'x', 'x.done', '{}')
"""


async def offences(address: DatabaseAddress) -> list[str]:
    """Return the codes of the invariants that do not hold, as the verifier sees it."""
    connection = await connect(address.reading_all, VERIFIER)
    try:
        return [
            invariant.code
            for invariant in INVARIANTS
            if await connection.fetch(invariant.offenders)
        ]
    finally:
        await connection.close()


async def test_a_household_begins_with_its_own_creation(signed_up: Member, works: Works) -> None:
    async with works.for_machine(signed_up.household, cause="test") as work:
        first = await work.journal.one(1)
    assert first is not None
    assert (first.kind, first.subject) == ("household.created", signed_up.household)
    assert first.actor == f"person:{signed_up.person}"


async def test_twenty_writers_at_once_leave_no_gap(
    signed_up: Member, works: Works, address: DatabaseAddress
) -> None:
    async def write(number: int) -> int:
        async with works.for_machine(signed_up.household, cause="test") as work:
            return await work.journal.note("thing.done", after={"number": number})

    async with works.for_machine(signed_up.household, cause="test") as work:
        before = work.scope.seq
    numbers = await asyncio.gather(*(write(number) for number in range(20)))
    assert sorted(numbers) == list(range(before + 1, before + 21))
    assert await offences(address) == []


async def test_a_work_that_is_rolled_back_leaves_no_number_behind(
    signed_up: Member, works: Works
) -> None:
    lost = []

    async def fail() -> None:
        async with works.for_machine(signed_up.household, cause="test") as work:
            lost.append(await work.journal.note("thing.lost"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail()
    async with works.for_machine(signed_up.household, cause="test") as work:
        assert await work.journal.note("thing.kept") == lost[0]


FORGED = """
    insert into journal (household_id, seq, at, actor, cause, kind, visibility, hash)
    values (scope_household(), 1, now(), 'x', 'x', 'x', '{}', '\\x00')
"""
REHASHED = """
    update journal set after = '{}', hash = set_byte(hash, 0, get_byte(hash, 0) # 1) where seq = 1
"""


@pytest.mark.parametrize(
    "statement",
    [
        "update journal set kind = 'forged'",
        "update journal set hash = '\\x00'",
        "delete from journal",
        "truncate journal",
        FORGED,
        "update household set seq = 0",
        "update household set head = '\\x00'",
        "alter table journal disable trigger all",
    ],
)
async def test_the_application_cannot_rewrite_what_happened(
    signed_up: Member, works: Works, statement: str
) -> None:
    async with works.for_machine(signed_up.household, cause="test") as work:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await work.execute(statement)


async def test_the_applications_login_cannot_become_the_owner(works: Works) -> None:
    async with works.for_nobody(cause="test") as work:
        await work.execute("set local session authorization solvent_app")
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await work.execute("set role solvent_owner")


async def test_a_record_cannot_be_written_into_another_household(
    signed_up: Member, neighbour: Member, works: Works
) -> None:
    async with works.for_machine(signed_up.household, cause="test") as work:
        with pytest.raises(asyncpg.InsufficientPrivilegeError):
            await work.execute(INSERT, neighbour.household)


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ("update journal set kind = 'x' || kind where seq = 1", ["journal.chains"]),
        (REHASHED, ["journal.chains"]),
        ("delete from journal where seq = 1", ["journal.gapless", "journal.chains"]),
        (
            "delete from journal where seq = (select max(seq) from journal)",
            ["journal.gapless", "journal.head"],
        ),
        ("update household set head = set_byte(head, 0, get_byte(head, 0) # 1)", ["journal.head"]),
    ],
)
async def test_a_flipped_byte_is_found(
    signed_up: Member, address: DatabaseAddress, statement: str, expected: list[str]
) -> None:
    assert signed_up.household
    assert await offences(address) == []
    owner = await connect(address.owner, OWNER)
    try:
        await owner.execute(statement)
    finally:
        await owner.close()
    assert await offences(address) == expected


async def test_records_are_read_back_in_order_and_by_subject(work: Work) -> None:
    start = await work.journal.note("thing.begun", subject=work.household, after={"a": 1})
    await work.journal.note("thing.ended", subject=work.household, before={"a": 1})
    newer = await work.journal.since(start, limit=10)
    assert [record.kind for record in newer] == ["thing.ended"]
    assert newer[0].before == '{"a": 1}'
    about = await work.journal.of(work.household)
    assert [record.kind for record in about] == ["thing.ended", "thing.begun", "household.created"]
    assert len(await work.journal.since(0, limit=1)) == 1
