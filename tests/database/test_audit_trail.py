"""A household's audit trail: found, narrowed, carried away, and checked again by an auditor."""

import csv
import hashlib
import io
import json
from typing import Any
from uuid import UUID

import pytest

from solvent.oversight.domain import LinkedRecord
from solvent.oversight.operations.write_trail import trail_as_csv
from tests.database.clients import Member


async def recorded(member: Member, payee: str) -> str:
    """Record a transaction and return its id."""
    tree = (await member.get(f"{member.home}/accounts")).json()["items"]
    food = next(one["id"] for one in tree if one["kind"] == "expense")
    body = {"name": f"Purse of {payee}", "kind": "asset", "currency": "EUR"}
    purse = (await member.post(f"{member.home}/accounts", json=body)).json()["id"]
    postings = [
        {"account": purse, "amount_minor": -1250, "currency": "EUR"},
        {"account": food, "amount_minor": 1250, "currency": "EUR"},
    ]
    answer = await member.post(
        f"{member.home}/transactions",
        json={"booked_on": "2026-03-01", "payee": payee, "postings": postings},
    )
    assert answer.status_code == 201, answer.text
    return str(answer.json()["id"])


async def trail(member: Member, **narrowed: Any) -> list[dict[str, Any]]:
    answer = await member.get(f"{member.home}/audit", params=narrowed)
    assert answer.status_code == 200, answer.text
    items: list[dict[str, Any]] = answer.json()["items"]
    return items


async def test_who_did_what_and_when_stands_in_the_trail(signed_up: Member) -> None:
    transaction = await recorded(signed_up, "Grocer")
    newest = (await trail(signed_up))[0]
    assert (newest["kind"], newest["subject"]) == ("transaction.recorded", transaction)
    assert (newest["person"], newest["actor"]) == ("Alma Example", f"person:{signed_up.person}")
    assert newest["before"] is None
    assert "1250" in json.dumps(newest["after"])


async def test_it_is_narrowed_by_person_kind_subject_and_day(signed_up: Member) -> None:
    transaction = await recorded(signed_up, "Grocer")
    kinds = {record["kind"] for record in await trail(signed_up, kind="account.opened")}
    assert kinds == {"account.opened"}
    assert [each["subject"] for each in await trail(signed_up, subject=transaction)] == [
        transaction
    ]
    assert len(await trail(signed_up, person=signed_up.person)) >= 3
    assert await trail(signed_up, person=UUID(int=1)) == []
    assert await trail(signed_up, to="2026-03-14") == []
    assert len(await trail(signed_up, **{"from": "2026-03-15", "to": "2026-03-15"})) >= 3
    assert len(await trail(signed_up, **{"from": "0001-01-01", "to": "9999-12-31"})) >= 3


async def test_it_is_paged_by_number(signed_up: Member) -> None:
    await recorded(signed_up, "Grocer")
    whole = await trail(signed_up)
    first = (await signed_up.get(f"{signed_up.home}/audit", params={"limit": 2})).json()
    rest = await trail(signed_up, cursor=first["next_cursor"])
    assert first["items"] + rest == whole
    assert [record["seq"] for record in whole] == list(range(len(whole), 0, -1))


async def test_another_households_trail_is_not_there(signed_up: Member, neighbour: Member) -> None:
    for path in ("/audit", "/audit/export"):
        assert (await signed_up.get(f"{neighbour.home}{path}")).status_code == 404


async def test_an_auditor_checks_the_exported_chain_alone(signed_up: Member) -> None:
    await recorded(signed_up, "Grocer")
    answer = await signed_up.get(f"{signed_up.home}/audit/export")
    assert answer.headers["content-type"] == "application/x-ndjson"
    before = ""
    for line in answer.text.splitlines():
        record = json.loads(line)
        assert hashlib.sha256(record["content"].encode()).hexdigest() == record["hash"]
        content = json.loads(record["content"])
        assert (content[0], content[1]) == (str(signed_up.household), record["seq"])
        assert content[-1] == record["prev_hash"] == before
        before = record["hash"]
    assert before
    activity = (await signed_up.get("/api/v1/me/activity")).json()["items"]
    assert activity[0]["kind"] == "data.exported"


async def test_a_spreadsheet_finds_no_formula_in_the_export(signed_up: Member) -> None:
    await recorded(signed_up, "=cmd|' /C calc'!A0")
    text = (await signed_up.get(f"{signed_up.home}/audit/export", params={"format": "csv"})).text
    rows = list(csv.reader(io.StringIO(text)))
    assert len(rows) > 3
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@"))]


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@x", "\tx", "\rx"])
def test_a_cell_that_begins_like_a_formula_is_text(text: str) -> None:
    record = LinkedRecord(1, "", "", json.dumps([text]))
    assert (
        next(csv.reader(io.StringIO(trail_as_csv([record]).decode().partition("\r\n")[2])))[0]
        == f"'{text}"
    )


async def test_a_person_reads_their_own_activity(signed_up: Member, neighbour: Member) -> None:
    own = (await signed_up.get("/api/v1/me/activity")).json()["items"]
    assert [event["kind"] for event in own] == ["login.succeeded", "person.registered"]
    page = (await neighbour.get("/api/v1/me/activity", params={"limit": 1})).json()
    assert (len(page["items"]), page["next_cursor"]) == (1, str(page["items"][0]["seq"]))
