"""What a memo holds is found, before an import's memos are entered for the search and after."""

import pytest

from solvent.ledger.jobs import MEMOS
from solvent.ledger.operations.index_memos import index_memos
from solvent.ledger.operations.owe_memos import OwedMemos
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.work import Works
from tests.database.bookkeeping import Books, dropped, offences
from tests.database.clients import Member

HEADER = "Date,Payee,Note,Amount\n"
ROWS = (
    "2026-03-02,Corner Shop,card 4711 in Lisboa,-10.00\n"
    "2026-03-03,Corner Shop,card 4711 in Porto,-20.00\n"
    "2026-03-04,Lisboa Trams,monthly pass,-30.00\n"
)


@pytest.fixture
async def books(signed_up: Member) -> Books:
    """Cash, and a file of three rows: one says Lisboa in its memo, one in its payee."""
    made = Books(signed_up)
    await made.learn()
    await made.open("Cash")
    await dropped(made, (HEADER + ROWS).encode(), name="bank.csv", account=made.ids["Cash"])
    return made


async def found(books: Books, text: str, **filters: str) -> list[int]:
    """Return the days of March of what is found, newest first."""
    listed = await books.list(text=text, **filters)
    return [int(each["booked_on"][-2:]) for each in listed]


async def entered(books: Books, works: Works) -> list[str]:
    """Return the memos that are entered for the search, in order."""
    async with works.for_machine(books.member.household, cause="test") as work:
        return await work.column("select memo from memo_text order by memo")


async def work_the_job(books: Books, works: Works) -> None:
    await MEMOS.handle(works, OwedMemos(books.member.household))


@pytest.mark.parametrize("is_entered", [False, True])
async def test_payees_and_memos_are_found_once_each(
    books: Books, works: Works, address: DatabaseAddress, *, is_entered: bool
) -> None:
    if is_entered:
        await work_the_job(books, works)
    assert len(await entered(books, works)) == (3 if is_entered else 0)
    assert await found(books, "lisboa") == [4, 2]
    assert await found(books, "4711") == [3, 2]
    assert await found(books, "4711 in P") == [3]
    assert await found(books, "Corner") == [3, 2]
    assert await found(books, "li") == [4, 2]
    assert await found(books, "4711", account=books.ids["Cash"], max_minor="1500") == [2]
    assert await found(books, "4711", payee="Corner", **{"from": "2026-03-03"}) == [3]
    assert await found(books, "%") == []
    assert await found(books, "nowhere") == []
    assert await offences(address) == []


async def test_memos_are_entered_some_at_a_time(books: Books, works: Works) -> None:
    counts: list[int] = []
    for _ in range(4):
        async with works.for_machine(books.member.household, cause="test") as work:
            left = await index_memos(work, limit=2)
        assert left is (len(counts) < 2)
        counts.append(len(await entered(books, works)))
        assert await found(books, "4711") == [3, 2]
    assert counts == [2, 3, 3, 3]


async def test_a_recorded_memo_is_found_at_once(books: Books) -> None:
    legs = ("Cash", -100), ("Groceries", 100)
    await books.record("2026-03-20", *legs, memo="birthday cake")
    await books.record("2026-03-21", *legs)
    assert await found(books, "thday ca") == [20]


@pytest.mark.parametrize("is_entered", [False, True])
async def test_a_changed_memo_is_found_as_it_is_now(
    books: Books, works: Works, address: DatabaseAddress, *, is_entered: bool
) -> None:
    if is_entered:
        await work_the_job(books, works)
    (tram,) = await books.list(text="monthly")
    await books.done("PATCH", f"transactions/{tram['id']}", json={"memo": "yearly"})
    assert await found(books, "monthly") == []
    assert await found(books, "yearly") == [4]
    await work_the_job(books, works)
    assert await found(books, "yearly") == [4]
    await books.done("PATCH", f"transactions/{tram['id']}", json={"memo": ""})
    assert await found(books, "yearly") == []
    assert await offences(address) == []


async def test_what_is_deleted_is_not_found_until_it_is_back(
    books: Books, works: Works, address: DatabaseAddress
) -> None:
    await work_the_job(books, works)
    (tram,) = await books.list(text="monthly")
    await books.done("DELETE", f"transactions/{tram['id']}")
    assert await found(books, "monthly") == []
    assert len(await entered(books, works)) == 2
    await books.done("POST", f"transactions/{tram['id']}/restore")
    assert await found(books, "monthly") == [4]
    assert await offences(address) == []


async def test_an_undone_import_is_not_found_until_it_is_back(
    books: Books, works: Works, address: DatabaseAddress
) -> None:
    await work_the_job(books, works)
    (made,) = (await books.done("GET", "imports"))["items"]
    await books.done("POST", f"imports/{made['id']}/undo")
    assert await found(books, "4711") == []
    assert await entered(books, works) == []
    await books.done("POST", f"imports/{made['id']}/redo")
    assert await found(books, "4711") == [3, 2]
    await work_the_job(books, works)
    assert await found(books, "4711") == [3, 2]
    assert len(await entered(books, works)) == 3
    assert await offences(address) == []


async def test_one_household_finds_nothing_of_another(
    books: Books, neighbour: Member, works: Works
) -> None:
    await work_the_job(books, works)
    stranger = Books(neighbour)
    assert await found(stranger, "4711") == []
    async with works.for_machine(neighbour.household, cause="test") as work:
        assert await work.column("select memo_matches('%')") == []
