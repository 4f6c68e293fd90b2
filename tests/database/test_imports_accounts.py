"""Which account a file is of, what it asks, what balances say, and what is learned from people."""

from datetime import date
from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from tests.database.bookkeeping import Books, dropped, offences
from tests.database.clients import Member
from tests.database.statements import Row, csv, ofx, ofx_of


def march(day: int) -> date:
    return date(2026, 3, day)


ROWS: list[Row] = [("f1", march(2), -4_250, "Corner Shop"), ("f2", march(3), 1_000, "Refund")]


@pytest.fixture
async def books(signed_up: Member) -> Books:
    made = Books(signed_up)
    await made.learn()
    return made


def closing_of(answer: dict[str, Any]) -> tuple[int, str, bool]:
    """Return the closing balance of a file of one account, its day, and whether it ties."""
    closing = answer["accounts"][0]["closing"]
    return closing["amount_minor"], closing["on"], closing["ties"]


async def asked(books: Books, content: bytes, name: str, **form: str) -> dict[str, Any]:
    """Drop a file that needs an answer, and return the problem."""
    files = {"file": (name, content)}
    answer = await books.ask("POST", "imports", files=files, data=form)
    assert (answer.status_code, answer.json()["code"]) == (409, "intake.needs_answer"), answer.text
    found: dict[str, Any] = answer.json()
    return found


async def test_an_unknown_identifier_makes_an_account_and_is_known_from_then_on(
    books: Books,
) -> None:
    (first,) = (await dropped(books, ofx(ROWS, account="55554711")))["accounts"]
    (again,) = (await dropped(books, ofx([("n", march(4), -1)], account="55554711")))["accounts"]
    (other,) = (await dropped(books, ofx(ROWS, account="66664711")))["accounts"]
    assert again["account"] == first["account"] != other["account"]
    assert again["name"] == "Account …4711"
    assert (again["added"], other["added"]) == (1, 2)
    await books.learn()
    assert books.ids["Account …4711"] == first["account"]
    assert books.ids["Account …4711 EUR"] == other["account"]


async def test_the_account_that_a_person_names_is_known_by_its_identifier_from_then_on(
    books: Books,
) -> None:
    giro = await books.open("Giro", opening_balance_minor=10_000, opened_on="2026-01-01")
    await dropped(books, ofx(ROWS, account="55554711"), account=giro)
    (again,) = (await dropped(books, ofx([("n", march(4), -1)], account="55554711")))["accounts"]
    assert (again["account"], again["name"]) == (giro, "Giro")
    assert (await books.balances())["Giro"] == 10_000 - 4_250 + 1_000 - 1


async def test_one_file_of_several_accounts_goes_to_each(
    books: Books, address: DatabaseAddress
) -> None:
    usd: list[Row] = [("u1", march(4), 7_700, "Interest")]
    content = ofx_of([("111111", "EUR", ROWS, None), ("222222", "USD", usd, None)])
    answer = await dropped(books, content)
    assert [
        (each["identifier"], each["currency"], each["rows"], each["sum_minor"], each["added"])
        for each in answer["accounts"]
    ] == [("100/111111", "EUR", 2, -3_250, 2), ("100/222222", "USD", 1, 7_700, 1)]
    await books.done("POST", f"imports/{answer['id']}/undo")
    assert await books.list() == []
    await books.done("POST", f"imports/{answer['id']}/redo")
    balances = await books.balances()
    assert (balances["Account …1111"], balances["Account …2222"]) == (-3_250, 7_700)
    assert await offences(address) == []


async def test_a_file_in_another_currency_than_its_account_is_refused(books: Books) -> None:
    cash = await books.open("Cash", "CHF")
    files = {"file": ("bank.ofx", ofx(ROWS, account="1"))}
    refused = await books.refused("POST", "imports", files=files, data={"account": cash})
    assert refused == (422, "intake.currency_clash")
    assert (await books.done("GET", "imports"))["items"] == []


async def test_a_category_is_no_account_for_a_file(books: Books) -> None:
    files = {"file": ("bank.ofx", ofx(ROWS, account="1"))}
    form = {"account": books.ids["Coffee"]}
    assert (await books.refused("POST", "imports", files=files, data=form))[0] == 422
    form = {"account": "00000000-0000-7000-8000-000000000000"}
    assert (await books.refused("POST", "imports", files=files, data=form))[0] == 404


async def test_the_first_file_without_a_name_makes_an_account_of_the_households_currency(
    books: Books,
) -> None:
    answer = await dropped(books, csv(ROWS), name="Holiday money.csv")
    (account,) = answer["accounts"]
    assert (account["name"], account["currency"], account["added"]) == ("Holiday money", "EUR", 2)
    assert "intake.currency_assumed" in [each["code"] for each in answer["warnings"]]


async def test_a_file_that_does_not_name_its_account_asks_and_an_answer_settles_it(
    books: Books, address: DatabaseAddress
) -> None:
    cash = await books.open("Cash")
    await books.open("Purse")
    problem = await asked(books, csv(ROWS), "export.csv")
    (question,) = problem["questions"]
    assert question["code"] == "intake.which_account"
    assert [choice["label"] for choice in question["choices"]][:2] == ["Cash", "Purse"]
    assert question["choices"][0]["mapping"] == {"account": cash}
    kept = await books.done("GET", f"imports/{problem['import']}")
    assert (kept["state"], kept["questions"]) == ("previewed", problem["questions"])
    path = f"imports/{problem['import']}/commit"
    assert await books.refused("POST", path) == (409, "intake.needs_answer")
    assert await books.list() == []
    made = await books.done("POST", path, json={"account": cash})
    assert (made["accounts"][0]["account"], made["accounts"][0]["added"]) == (cash, 2)
    assert (await books.balances())["Cash"] == -3_250
    assert await offences(address) == []


async def test_an_answer_may_be_a_new_account(books: Books) -> None:
    await books.open("Cash")
    problem = await asked(books, csv(ROWS), "Travel.csv")
    path = f"imports/{problem['import']}/commit"
    made = await books.done("POST", path, json={"account": "new"})
    assert made["accounts"][0]["name"] == "Travel"


async def test_days_that_can_be_read_two_ways_are_asked_about_and_remembered(
    books: Books,
) -> None:
    cash = await books.open("Cash")
    content = b"Date,Description,Amount\n03/04/2026,Kiosk,-1.50\n05/04/2026,Bakery,-2.00\n"
    problem = await asked(books, content, "export.csv", account=cash)
    (question,) = problem["questions"]
    choices = [choice["mapping"] for choice in question["choices"]]
    assert len(choices) == 2
    path = f"imports/{problem['import']}/commit"
    told = next(each for each in choices if "%d/%m" in str(each) or "dmy" in str(each).lower())
    await books.done("POST", path, json={"mapping": told})
    assert [each["booked_on"] for each in await books.list()] == ["2026-04-05", "2026-04-03"]
    later = b"Date,Description,Amount\n06/04/2026,Kiosk,-1.00\n"
    answer = await dropped(books, later, name="later.csv", account=cash)
    assert answer["accounts"][0]["first_date"] == "2026-04-06"


async def test_a_new_account_opens_with_what_its_closing_balance_leaves_over(books: Books) -> None:
    answer = await dropped(books, ofx(ROWS, account="1", closing=(50_000, march(9))))
    assert closing_of(answer) == (50_000, "2026-03-09", True)
    assert await books.balances(on="2026-03-01") == {}
    assert (await books.balances())["Account 1"] == 50_000
    assert len(await books.list()) == 2


async def test_an_opening_balance_that_a_person_states_stays_as_stated(books: Books) -> None:
    (account,) = (await dropped(books, ofx(ROWS, account="1", closing=(50_000, march(9)))))[
        "accounts"
    ]
    path = f"accounts/{account['account']}"
    await books.done("PATCH", path, json={"opening_balance_minor": 7, "opened_on": "2026-01-01"})
    assert (await books.balances())["Account 1"] == 7 - 3_250
    await dropped(books, ofx([("e", date(2026, 2, 1), -100)], account="1"))
    assert (await books.balances())["Account 1"] == 7 - 3_250 - 100


async def test_an_import_says_whether_the_account_ties_to_its_bank(books: Books) -> None:
    giro = {"kind": "asset", "currency": "EUR", "opened_on": "2026-01-01"}
    for opening, ties in ((53_250, True), (53_249, False), (0, False)):
        own = {"name": f"Giro {opening}", "opening_balance_minor": opening}
        account = (await books.done("POST", "accounts", json=giro | own))["id"]
        content = ofx(ROWS, account=str(opening), closing=(50_000, march(9)))
        for commit in ("false", "true"):
            answer = await dropped(books, content, account=account, commit=commit)
            assert closing_of(answer) == (50_000, "2026-03-09", ties)


async def test_what_an_undone_import_said_of_a_balance_ties_again_when_redone(books: Books) -> None:
    giro = await books.open("Giro", opening_balance_minor=53_250, opened_on="2026-01-01")
    content = ofx(ROWS, account="1", closing=(50_000, march(9)))
    made = await dropped(books, content, account=giro)
    await books.done("POST", f"imports/{made['id']}/undo")
    books.ids["Giro"] = giro
    await books.record("2026-03-05", ("Giro", -1), ("Coffee", 1))
    redone = await books.done("POST", f"imports/{made['id']}/redo")
    assert redone["accounts"][0]["closing"]["ties"] is False


async def test_rows_that_cannot_be_taken_are_listed_with_line_and_reason(books: Books) -> None:
    bad = ofx([*ROWS, ("f3", march(4), -1)], account="1").replace(b"20260304", b"20260231")
    answer = await dropped(books, bad)
    assert (answer["rows"], answer["rejected_count"]) == (2, 1)
    (row,) = answer["rejected"]
    assert row["line"] == 10
    assert row["code"].startswith("intake.")
    assert "20260231" in row["reason"]
    table = csv(ROWS) + b"2026-02-30,Nobody,-1.00\n2026-03-05,Nobody,ten\n"
    answer = await dropped(books, table, name="a.csv", account="new")
    assert [(row["line"], row["code"]) for row in answer["rejected"]] == [
        (4, "intake.bad_date"),
        (5, "intake.bad_amount"),
    ]
    assert answer["accounts"][0]["added"] == 2


async def test_a_category_given_by_hand_is_remembered_for_the_payee(books: Books) -> None:
    await dropped(books, ofx([("a", march(2), -300, "CARD 1234 ESPRESSO BAR")], account="1"))
    (first,) = await books.list()
    assert first["postings"][1]["account_role"] == "uncategorised_expense"
    coffee = {"category": books.ids["Coffee"]}
    await books.done("PATCH", f"transactions/{first['id']}", json=coffee)
    later = [("b", march(3), -310, "CARD 1234 ESPRESSO BAR"), ("c", march(4), -9, "Somebody else")]
    await dropped(books, ofx(later, account="1"))
    found = await books.list()
    assert [each["postings"][1]["account_name"] for each in found] == [
        "Uncategorised",
        "Coffee",
        "Coffee",
    ]
    (payee,) = (await books.done("GET", "payees", params={"text": first["payee"]["name"]}))["items"]
    assert payee["category"] == books.ids["Coffee"]


async def test_the_other_account_of_a_transfer_is_no_category_to_remember(
    books: Books, address: DatabaseAddress
) -> None:
    savings = await books.open("Savings", "EUR")
    await dropped(books, ofx([("a", march(2), -300, "Own transfer")], account="1"))
    transfer = (await books.list())[0]["id"]
    await books.done("PATCH", f"transactions/{transfer}", json={"category": savings})
    usd: list[Row] = [("b", march(3), -310, "Own transfer")]
    await dropped(books, ofx(usd, account="2", currency="USD"))
    newest = (await books.list())[0]
    assert newest["postings"][1]["account_role"] == "uncategorised_expense"
    assert await offences(address) == []


async def test_what_banks_write_becomes_a_payee_that_a_person_would_name(books: Books) -> None:
    rows: list[Row] = [
        ("a", march(2), -300, "SQ *ESPRESSO BAR 0123456789"),
        ("b", march(3), -300, "ESPRESSO BAR"),
        ("c", march(4), -300, "x" * 300),
        ("d", march(5), -300, "ESPRESSO BAR BERLIN DE"),
    ]
    await dropped(books, ofx(rows, account="1"))
    names = {each["booked_on"][-2:]: each["payee"]["name"] for each in await books.list()}
    assert names["03"] == "Espresso Bar"
    assert names["02"] == names["03"]
    assert 0 < len(names["04"]) <= 200


async def test_imports_of_another_household_are_not_there(books: Books, neighbour: Member) -> None:
    made = await dropped(books, ofx(ROWS, account="55554711"))
    theirs = Books(neighbour)
    for method, below in (("GET", ""), ("POST", "/undo"), ("POST", "/redo"), ("POST", "/commit")):
        refused = await theirs.refused(method, f"imports/{made['id']}{below}")
        assert refused == (404, "not_found")
    (account,) = (await dropped(theirs, ofx(ROWS, account="55554711")))["accounts"]
    assert (account["added"], account["account"] != made["accounts"][0]["account"]) == (2, True)
