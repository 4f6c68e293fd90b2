"""What a member sees and changes follows from role and grants, on every way to it."""

import json
from collections.abc import AsyncGenerator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.work import Works
from tests.database.bookkeeping import Books, dropped, offences
from tests.database.clients import Member, admitted, opened_client, registered
from tests.database.statements import ofx

SECRET = 31_337


@pytest.fixture
async def guest(app: Outermost, signed_up: Member) -> AsyncGenerator[Member, None]:
    """Bruno, who is going to be a member of Alma's household."""
    async with opened_client(app) as client:
        own = await registered(client, "bruno@example.org")
        yield replace(own, household=signed_up.household)


async def joined(owner: Member, guest: Member, role: str, **grants: Any) -> Books:
    """Make ``guest`` a member, and return the books as they see them."""
    await admitted(owner, guest, role, **grants)
    return Books(guest)


async def furnished(owner: Member) -> Books:
    """Two accounts, a secret one among them, and what moves on and between them."""
    books = Books(owner)
    await books.learn()
    await books.open("Shared")
    await books.open("Secret")
    await books.record("2026-02-01", ("Shared", -500), ("Groceries", 500), payee="Market")
    await books.record("2026-02-02", ("Secret", -SECRET), ("Doctor", SECRET), payee="Clinic")
    await books.record("2026-02-03", ("Secret", -700), ("Shared", 700), payee="Across")
    await books.record(
        "2026-02-04", ("Shared", -100), ("Secret", -911), ("Rent", 1_011), payee="Split"
    )
    return books


async def test_nothing_of_a_hidden_account_shows_anywhere(
    signed_up: Member, guest: Member, address: DatabaseAddress
) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "viewer", accounts={books.ids["Secret"]: "nothing"})
    listed = await theirs.list()
    assert [item["payee"]["name"] for item in listed] == ["Split", "Across", "Market"]
    split, across, market = (item["postings"] for item in listed)
    assert [leg.get("amount_minor", "hidden") for leg in split] == [-100, "hidden", "hidden"]
    assert [leg.get("amount_minor", "hidden") for leg in across] == [700, "hidden"]
    assert {"hidden": True} in across
    assert len(market) == 2
    for path in (
        "accounts",
        "balances",
        "payees",
        "changes",
        "transactions",
        "imports",
        "reports/spending",
        "reports/income",
        "reports/net-worth",
        f"transactions?account={books.ids['Secret']}",
        f"transactions?category={books.ids['Doctor']}",
        f"transactions?min_minor={SECRET}",
        "transactions?min_minor=911",
        "transactions?text=Clinic",
        "transactions?payee=Clinic",
        "payees?text=Clin",
    ):
        text = (await theirs.ask("GET", path)).text
        for word in (str(SECRET), "911", "Clinic", '"Secret"'):
            asked = f"min_minor={word}" in path
            assert asked or word not in text, (path, word, text)
        if path.startswith("transactions?"):
            assert json.loads(text)["items"] == [], path
    spent = await theirs.done("GET", "reports/spending")
    assert {c["name"]: sum(c["amounts_minor"]) for c in spent["categories"]} == {
        "Food:Groceries": 500
    }
    held = {row["account"]: row["amount_minor"] for row in await theirs.done("GET", "balances")}
    assert held[books.ids["Shared"]] == 100
    assert books.ids["Secret"] not in held
    for path in (
        f"accounts/{books.ids['Secret']}",
        f"transactions/{(await books.list())[2]['id']}",
    ):
        assert await theirs.refused("GET", path) == (404, "not_found")
    assert await offences(address) == []


async def test_a_balance_alone_is_a_balance_alone(signed_up: Member, guest: Member) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "editor", accounts={books.ids["Secret"]: "balance"})
    held = {row["account"]: row["amount_minor"] for row in await theirs.done("GET", "balances")}
    assert held[books.ids["Secret"]] == -SECRET - 700 - 911
    assert len(await theirs.list()) == 3
    assert "Clinic" not in (await theirs.ask("GET", "payees")).text


async def test_the_journal_has_no_gap_and_hides_what_it_must(
    signed_up: Member, guest: Member
) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "adviser", accounts={books.ids["Secret"]: "nothing"})
    changes = (await theirs.done("GET", "changes", params={"limit": 1000}))["items"]
    assert [change["seq"] for change in changes] == list(range(1, len(changes) + 1))
    hidden = [change for change in changes if change["kind"] == "hidden"]
    assert len(hidden) >= 5
    assert all(
        set(change) - {"seq", "kind"} == {k for k in change if change[k] is None}
        for change in hidden
    )
    assert "Clinic" not in str(changes)


async def test_every_role_writes_as_far_as_it_may(signed_up: Member, guest: Member) -> None:
    books = await furnished(signed_up)
    listed = await books.list()
    plain, crossing = listed[3]["id"], listed[1]["id"]
    groceries = next(item["id"] for item in listed if item["payee"]["name"] == "Market")
    theirs = await joined(signed_up, guest, "adviser", accounts={books.ids["Secret"]: "nothing"})
    theirs.ids = books.ids
    assert plain
    noted = await theirs.done(
        "PATCH", f"transactions/{groceries}", json={"memo": "why", "tags": ["ask"]}
    )
    assert (noted["memo"], noted["tags"]) == ("why", ["ask"])
    legs = books.legs(("Shared", -1), ("Groceries", 1))
    for method, path, body in (
        ("PATCH", f"transactions/{groceries}", {"booked_on": "2026-02-09"}),
        ("PATCH", f"transactions/{crossing}", {"memo": "x"}),
        ("DELETE", f"transactions/{groceries}", None),
        ("POST", f"transactions/{groceries}/reversal", None),
        ("POST", "transactions", {"booked_on": "2026-02-09", "postings": legs}),
        ("POST", "accounts", {"name": "Own", "kind": "asset", "currency": "EUR"}),
        ("PATCH", f"accounts/{books.ids['Shared']}", {"name": "Mine"}),
    ):
        assert await theirs.refused(method, path, json=body) == (403, "not_allowed"), path
    done = await theirs.ask(
        "POST",
        "transactions/categorise",
        json={"transactions": [groceries], "category": books.ids["Rent"]},
    )
    assert done.status_code == 403


async def test_a_narrowed_editor_keeps_whole_books(
    signed_up: Member, guest: Member, address: DatabaseAddress
) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "editor", accounts={books.ids["Secret"]: "nothing"})
    theirs.ids = books.ids
    made = await theirs.record(
        "2026-03-01", ("Shared", -5), ("Groceries", 5), payee="Clinic", memo="m", tags=["t"]
    )
    assert made["payee"]["name"] == "Clinic"
    changed = await theirs.done(
        "PATCH",
        f"transactions/{made['id']}",
        json={"category": books.ids["Rent"], "booked_on": "2026-03-02"},
    )
    assert changed["postings"][1]["account"] == books.ids["Rent"]
    await theirs.done("DELETE", f"transactions/{made['id']}")
    await theirs.done("POST", f"transactions/{made['id']}/restore")
    crossing = next(i["id"] for i in await theirs.list() if i["payee"]["name"] == "Across")
    assert await theirs.refused("DELETE", f"transactions/{crossing}") == (403, "not_allowed")
    legs = books.legs(("Secret", -1), ("Groceries", 1))
    body = {"booked_on": "2026-02-09", "postings": legs}
    assert (await theirs.refused("POST", "transactions", json=body))[0] == 404
    content = ofx([("r1", date(2026, 3, 5), -1_000, "Clinic")], account="77")
    answer = await dropped(theirs, content, account=books.ids["Shared"])
    assert answer["accounts"][0]["added"] == 1
    imported = (await theirs.list(payee="Clinic"))[0]
    assert imported["payee"] is not None
    undone = await theirs.done("POST", f"imports/{answer['id']}/undo")
    assert undone["removed"] == 1
    await theirs.done("POST", f"imports/{answer['id']}/redo")
    assert await offences(address) == []


async def test_an_answer_kept_for_one_is_not_given_to_the_same_with_less(
    signed_up: Member, guest: Member
) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "viewer")
    across = next(i["id"] for i in await theirs.list() if i["payee"]["name"] == "Across")
    for path in ("accounts", "balances", "transactions", f"transactions/{across}"):
        full = await theirs.ask("GET", path)
        await signed_up.client.put(
            f"{signed_up.home}/grants/{guest.person}",
            json={"accounts": {books.ids["Secret"]: "nothing"}},
            headers=signed_up.headers,
        )
        narrowed = await theirs.ask("GET", path, headers={"if-none-match": full.headers["etag"]})
        assert narrowed.status_code == 200, path
        assert "Secret" not in narrowed.text, path
        owners = await books.ask("GET", path, headers={"if-none-match": narrowed.headers["etag"]})
        assert owners.status_code == 200, path
        await signed_up.client.put(
            f"{signed_up.home}/grants/{guest.person}", json={}, headers=signed_up.headers
        )
        again = await theirs.ask("GET", path, headers={"if-none-match": narrowed.headers["etag"]})
        assert again.status_code == 200, path
        assert "Secret" in again.text or path == "balances"


async def test_with_the_applications_filter_off_the_database_still_hides(
    signed_up: Member, guest: Member, works: Works
) -> None:
    books = await furnished(signed_up)
    await joined(signed_up, guest, "viewer", accounts={books.ids["Secret"]: "nothing"})
    async with works.for_member(signed_up.household, person=guest.person, cause="test") as work:
        secret = books.ids["Secret"]
        for statement in (
            "select count(*) from account where id = $1::text::uuid",
            "select count(*) from posting where account_id = $1::text::uuid",
            "select count(*) from monthly_sum where account_id = $1::text::uuid",
            "select count(*) from journal where $1::text::uuid = any(visibility) and kind not like 'member%'",
            "select count(*) from payee where $1 <> '' and name = 'Clinic'",
        ):
            assert await work.value(statement, secret) == 0, statement
        assert await work.value("select count(*) from transaction") == 3
        assert await work.execute("update household set name = 'ours'") == 0
        assert await work.execute("delete from posting") == 0
        assert await work.execute("update membership set role = 'owner'") == 0


async def test_a_write_that_is_repeated_with_less_is_not_answered_from_before(
    signed_up: Member, guest: Member
) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "editor")
    theirs.ids = books.ids
    across = next(i["id"] for i in await theirs.list() if i["payee"]["name"] == "Across")
    asked = {"json": {"memo": "once"}, "headers": {"idempotency-key": "once"}}
    path = f"transactions/{across}"
    full = await theirs.done("PATCH", path, **asked)
    assert await theirs.done("PATCH", path, **asked) == full
    body = {"accounts": {books.ids["Secret"]: "nothing"}}
    await books.done("PUT", f"grants/{guest.person}", json=body)
    assert await theirs.refused("PATCH", path, **asked) == (422, "request.key_reused")


async def test_a_name_that_a_hidden_account_has_is_refused_and_nothing_else(
    signed_up: Member, guest: Member
) -> None:
    books = await furnished(signed_up)
    theirs = await joined(signed_up, guest, "editor", accounts={books.ids["Secret"]: "nothing"})
    wanted = {"name": "Secret", "kind": "asset", "currency": "EUR"}
    taken = (409, "ledger.account_name_taken")
    assert await theirs.refused("POST", "accounts", json=wanted) == taken
    shared = f"accounts/{books.ids['Shared']}"
    assert await theirs.refused("PATCH", shared, json={"name": "Secret"}) == taken
