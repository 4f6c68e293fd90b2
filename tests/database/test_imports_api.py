"""Bank files over HTTP: previewed, committed, dropped again, undone, brought back."""

import asyncio
from datetime import date
from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from tests.database.bookkeeping import Books, dropped, offences
from tests.database.clients import Member
from tests.database.statements import Row, csv, ofx


def march(day: int) -> date:
    return date(2026, 3, day)


ROWS: list[Row] = [
    ("f1", march(2), -4_250, "CORNER SHOP 0042 BERLIN"),
    ("f2", march(3), 250_000, "ACME PAYROLL"),
    ("f3", march(9), -999, "Streaming"),
]
STATEMENT = ofx(ROWS, account="12344711", closing=(344_751, march(10)))


@pytest.fixture
async def books(signed_up: Member) -> Books:
    made = Books(signed_up)
    await made.learn()
    return made


def added(answer: dict[str, Any]) -> int:
    return sum(account["added"] for account in answer["accounts"])


def matched(answer: dict[str, Any]) -> int:
    return sum(account["matched"] for account in answer["accounts"])


async def days(books: Books, **filters: str) -> list[str]:
    return sorted(each["booked_on"] for each in await books.list(**filters))


async def test_a_file_is_previewed_committed_dropped_again_undone_and_brought_back(
    books: Books, address: DatabaseAddress
) -> None:
    seen = await dropped(books, STATEMENT, commit="false")
    assert (seen["format"], seen["rows"], seen["state"]) == ("ofx", 3, "previewed")
    assert (added(seen), matched(seen)) == (3, 0)
    (account,) = seen["accounts"]
    assert (account["account"], account["identifier"]) == (None, "100/12344711")
    assert (account["currency"], account["sum_minor"]) == ("EUR", 244_751)
    assert (account["first_date"], account["last_date"]) == ("2026-03-02", "2026-03-09")
    assert await books.list() == []

    made = await books.done("POST", f"imports/{seen['id']}/commit")
    assert (made["id"], made["state"], added(made)) == (seen["id"], "committed", 3)
    booked = await books.list()
    assert [each["postings"][0]["amount_minor"] for each in booked] == [-999, 250_000, -4_250]
    assert {each["origin"] for each in booked} == {"import"}
    balances = await books.balances()
    assert balances["Account …4711"] == 344_751

    for again in (await dropped(books, STATEMENT), await dropped(books, STATEMENT, commit="false")):
        assert (again["already_imported"], added(again), matched(again)) == (True, 0, 3)
    assert await books.list() == booked

    undone = await books.done("POST", f"imports/{seen['id']}/undo")
    assert (undone["state"], undone["removed"], undone["kept"]) == ("undone", 3, [])
    assert await books.list() == []
    redone = await books.done("POST", f"imports/{seen['id']}/redo")
    assert (redone["state"], added(redone)) == ("committed", 3)
    assert await books.list() == booked
    assert await books.balances() == balances
    assert await offences(address) == []


async def test_an_import_that_stands_otherwise_is_refused(books: Books) -> None:
    seen = await dropped(books, STATEMENT, commit="false")
    path = f"imports/{seen['id']}"
    assert await books.refused("POST", f"{path}/undo") == (409, "intake.not_committed")
    assert await books.refused("POST", f"{path}/redo") == (409, "intake.not_undone")
    first = await books.done("POST", f"{path}/commit")
    assert await books.done("POST", f"{path}/commit") == first
    assert await books.refused("POST", f"{path}/redo") == (409, "intake.not_undone")
    await books.done("POST", f"{path}/undo")
    assert await books.refused("POST", f"{path}/undo") == (409, "intake.not_committed")
    assert await books.refused("POST", f"{path}/commit") == (409, "intake.not_previewed")
    nowhere = "imports/00000000-0000-7000-8000-000000000000"
    for below in ("/commit", "/undo", "/redo"):
        assert await books.refused("POST", f"{nowhere}{below}") == (404, "not_found")


async def test_an_undone_file_can_be_dropped_again(books: Books, address: DatabaseAddress) -> None:
    first = await dropped(books, STATEMENT)
    await books.done("POST", f"imports/{first['id']}/undo")
    second = await dropped(books, STATEMENT)
    assert (second["id"] != first["id"], added(second)) == (True, 3)
    redone = await books.done("POST", f"imports/{first['id']}/redo")
    assert (added(redone), matched(redone)) == (0, 3)
    await books.done("POST", f"imports/{second['id']}/undo")
    assert len(await books.list()) == 3
    assert await offences(address) == []


async def test_the_list_of_imports_shows_each_as_it_stands(books: Books) -> None:
    one = await dropped(books, STATEMENT, name="one.ofx")
    other = await dropped(books, ofx(ROWS[:1], account="9"), name="other.ofx", commit="false")
    listed = (await books.done("GET", "imports"))["items"]
    assert [(each["name"], each["state"]) for each in listed] == [
        ("other.ofx", "previewed"),
        ("one.ofx", "committed"),
    ]
    shown = await books.done("GET", f"imports/{one['id']}")
    assert shown == listed[1]
    assert {key: shown[key] for key in one} == one
    assert (await books.done("GET", f"imports/{other['id']}"))["rows"] == 1


TWINS: list[Row] = [("", march(5), -250, "Espresso"), ("", march(5), -250, "Espresso")]


@pytest.mark.parametrize("write", [ofx, csv])
async def test_true_twins_stay_two_and_a_third_is_new(
    books: Books, address: DatabaseAddress, write: Any
) -> None:
    cash = await books.open("Cash")
    one = await dropped(books, write(TWINS), account=cash)
    assert (added(one), matched(one)) == (2, 0)
    more = [*TWINS, ("", march(6), -300, "Bread")]
    again = await dropped(books, write(more), account=cash)
    assert (added(again), matched(again)) == (1, 2)
    third = await dropped(books, write([*TWINS, TWINS[0]]), account=cash)
    assert (added(third), matched(third)) == (1, 2)
    fewer = await dropped(books, write(TWINS[:1]), account=cash)
    assert (added(fewer), matched(fewer)) == (0, 1)
    assert (await books.balances())["Cash"] == -3 * 250 - 300
    assert await offences(address) == []


async def test_one_id_of_the_bank_twice_in_one_file_is_one_fact(books: Books) -> None:
    again = await dropped(books, ofx([ROWS[0], ROWS[1], ROWS[0]], account="1"))
    assert (again["rows"], added(again), matched(again)) == (3, 2, 1)


MONTH: list[Row] = [(f"m{day}", march(day), -100 - day % 3, "Kiosk") for day in range(1, 31)]


@pytest.mark.parametrize("write", [ofx, csv])
async def test_overlapping_exports_merge_in_either_order(
    books: Books, address: DatabaseAddress, write: Any
) -> None:
    orders = {
        "Early first": [(MONTH[:20], 20, 0), (MONTH[9:], 10, 11)],
        "Late first": [(MONTH[9:], 21, 0), (MONTH[:20], 9, 11)],
    }
    for name, files in orders.items():
        account = await books.open(name)
        for rows, new, known in files:
            answer = await dropped(books, write(rows), account=account)
            assert (added(answer), matched(answer)) == (new, known)
        assert await days(books, account=account) == [f"2026-03-{day:02d}" for day in range(1, 31)]
        assert (await books.balances(on="2026-03-31"))[name] == sum(row[2] for row in MONTH)
    assert await offences(address) == []


@pytest.mark.parametrize("kind", ["ofx", "csv"])
async def test_the_same_file_dropped_several_times_at_once_adds_once(
    books: Books, address: DatabaseAddress, kind: str
) -> None:
    for number in range(4):
        rows: list[Row] = [(f"r{n}", march(n + 1), -100 * number - n) for n in range(5)]
        content = ofx(rows, account=f"77{number}") if kind == "ofx" else csv(rows)
        form = {} if kind == "ofx" else {"account": await books.open(f"Purse {number}")}
        answers = await asyncio.gather(
            *(dropped(books, content, name=f"{number}.{kind}", **form) for _ in range(3))
        )
        assert sorted(added(answer) for answer in answers) == [0, 0, 5]
        assert len(await books.list()) == 5 * (number + 1)
    accounts = (await books.done("GET", "accounts"))["items"]
    assert sum(account["kind"] == "asset" for account in accounts) == 4
    assert await offences(address) == []


async def test_a_first_file_without_an_account_dropped_at_once_adds_once(books: Books) -> None:
    content = csv(MONTH[:3])
    answers = await asyncio.gather(*(dropped(books, content, name="a.csv") for _ in range(3)))
    assert sorted(added(answer) for answer in answers) == [0, 0, 3]


async def test_one_preview_committed_several_times_at_once_is_booked_once(
    books: Books, address: DatabaseAddress
) -> None:
    one = await dropped(books, STATEMENT, commit="false")
    other = await dropped(books, STATEMENT, commit="false")
    paths = [f"imports/{each['id']}/commit" for each in (one, one, other, other)]
    answers = await asyncio.gather(*(books.done("POST", path) for path in paths))
    assert sorted(added(answer) for answer in answers) == [0, 0, 3, 3]
    assert len(await books.list()) == 3
    assert await offences(address) == []


async def test_importing_undoing_and_writing_by_hand_at_once_leaves_true_books(
    books: Books, address: DatabaseAddress
) -> None:
    made = await dropped(books, STATEMENT)
    bank = made["accounts"][0]["account"]
    books.ids["Bank"] = bank
    first = (await books.list())[-1]["id"]
    changes: list[Any] = []
    for number in range(6):
        rows = [(f"x{number}{n}", march(n + 1), -n) for n in range(4)]
        changes.append(dropped(books, ofx(rows, account="12344711"), name=f"{number}.ofx"))
        changes.append(books.record("2026-03-02", ("Bank", -1), ("Coffee", 1), payee="Kiosk"))
        body = {"json": {"memo": f"note {number}"}}
        changes.append(books.ask("PATCH", f"transactions/{first}", **body))
    changes.append(books.ask("POST", f"imports/{made['id']}/undo?edited=remove"))
    answers = await asyncio.gather(*changes)
    statuses = {getattr(answer, "status_code", 200) for answer in answers}
    assert statuses <= {200, 404}, "nobody waits for another who waits for them"
    assert len(await books.list()) == 6 * 4 + 6
    assert await offences(address) == []


async def test_undoing_leaves_what_another_file_claims(
    books: Books, address: DatabaseAddress
) -> None:
    early = await dropped(books, ofx(MONTH[:20], account="1"))
    late = await dropped(books, ofx(MONTH[9:], account="1"))
    undone = await books.done("POST", f"imports/{early['id']}/undo")
    assert (undone["removed"], undone["shared"]) == (9, 11)
    assert await days(books) == [f"2026-03-{day:02d}" for day in range(10, 31)]
    undone = await books.done("POST", f"imports/{late['id']}/undo")
    assert undone["removed"] == 21
    assert await books.list() == []
    for each, new in ((late, 21), (early, 9)):
        redone = await books.done("POST", f"imports/{each['id']}/redo")
        assert added(redone) == new
    assert len(await books.list()) == 30
    assert await offences(address) == []


async def test_undoing_keeps_what_a_person_has_edited(
    books: Books, address: DatabaseAddress
) -> None:
    made = await dropped(books, STATEMENT)
    edited = (await books.list())[0]["id"]
    await books.done("PATCH", f"transactions/{edited}", json={"memo": "mine"})
    undone = await books.done("POST", f"imports/{made['id']}/undo")
    assert (undone["removed"], undone["kept"]) == (2, [edited])
    assert [each["id"] for each in await books.list()] == [edited]
    assert (await dropped(books, STATEMENT))["accounts"][0]["added"] == 2
    redone = await books.done("POST", f"imports/{made['id']}/redo")
    assert added(redone) == 0
    assert len(await books.list()) == 3
    assert await offences(address) == []


async def test_undoing_removes_what_was_edited_too_when_told(books: Books) -> None:
    made = await dropped(books, STATEMENT)
    edited = (await books.list())[0]["id"]
    await books.done("PATCH", f"transactions/{edited}", json={"memo": "mine"})
    undone = await books.done("POST", f"imports/{made['id']}/undo?edited=remove")
    assert (undone["removed"], undone["kept"]) == (3, [])
    assert await books.list() == []


async def test_a_deleted_transaction_does_not_come_back(
    books: Books, address: DatabaseAddress
) -> None:
    made = await dropped(books, STATEMENT)
    gone = (await books.list())[0]["id"]
    await books.done("DELETE", f"transactions/{gone}")
    more = ofx([*ROWS, ("f4", march(9), -1)], account="12344711")
    again = await dropped(books, more)
    assert (added(again), matched(again)) == (1, 3)
    for each in (again, made):
        await books.done("POST", f"imports/{each['id']}/undo")
    assert await books.list() == []
    assert added(await dropped(books, STATEMENT)) == 2
    restored = await books.done("POST", f"transactions/{gone}/restore")
    assert restored["id"] == gone
    assert len(await books.list()) == 3
    assert await offences(address) == []
