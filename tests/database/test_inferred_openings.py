"""An account made by its first statement opens with what that leaves over, whichever month comes first."""

from datetime import date
from typing import Any

import pytest

from tests.database.bookkeeping import Books
from tests.database.clients import Member
from tests.database.statements import ofx

FEBRUARY = ofx(
    [("f1", date(2026, 2, 3), -2_000), ("f2", date(2026, 2, 20), 50_000)],
    account="77",
    closing=(148_000, date(2026, 2, 28)),
)
MARCH = ofx(
    [("m1", date(2026, 3, 2), -8_000), ("m2", date(2026, 3, 30), 10_000)],
    account="77",
    closing=(150_000, date(2026, 3, 31)),
)


async def hand_over(books: Books, name: str, content: bytes) -> Any:
    answer = await books.done("POST", "imports", files={"file": (name, content)})
    return answer["id"], answer["accounts"][0]


async def held(books: Books, day: str) -> int:
    rows = await books.done("GET", f"balances?on={day}")
    return sum(row["amount_minor"] for row in rows if row["kind"] == "asset")


@pytest.mark.parametrize("order", [(FEBRUARY, MARCH), (MARCH, FEBRUARY)], ids=["in order", "not"])
async def test_both_statements_tie_in_either_order(
    signed_up: Member, order: tuple[bytes, bytes]
) -> None:
    books = Books(signed_up)
    for number, content in enumerate(order):
        _, account = await hand_over(books, f"{number}.ofx", content)
        assert account["closing"]["ties"] is True, account
    assert await held(books, "2026-01-31") in {0, 100_000}
    assert await held(books, "2026-02-28") == 148_000
    assert await held(books, "2026-03-31") == 150_000


async def test_undoing_the_older_file_leaves_the_newer_month_as_it_was(signed_up: Member) -> None:
    books = Books(signed_up)
    await hand_over(books, "march.ofx", MARCH)
    older, _ = await hand_over(books, "february.ofx", FEBRUARY)
    await books.done("POST", f"imports/{older}/undo")
    assert await held(books, "2026-03-31") == 150_000
    redone = await books.done("POST", f"imports/{older}/redo")
    assert redone["accounts"][0]["closing"]["ties"] is True
    assert await held(books, "2026-02-28") == 148_000
    assert await held(books, "2026-03-31") == 150_000


async def test_a_row_missing_in_between_is_a_gap_that_is_said(signed_up: Member) -> None:
    books = Books(signed_up)
    await hand_over(books, "february.ofx", FEBRUARY)
    short = ofx(
        [("m1", date(2026, 3, 2), -8_000)], account="77", closing=(150_000, date(2026, 3, 31))
    )
    _, account = await hand_over(books, "march.ofx", short)
    assert account["closing"]["ties"] is False
    assert account["closing"]["gap_minor"] == 10_000
