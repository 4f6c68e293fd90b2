"""Files that mean harm: each is refused or holds nothing, and Solvent goes on as before."""

from resource import RUSAGE_SELF, getrusage
from typing import Any

import pytest

from solvent.runtime.database import DatabaseAddress
from tests import hostile
from tests.database.bookkeeping import Books, offences
from tests.database.clients import Member

GROWTH_KIB_MAX = 120 * 1024
"""So much the peak of memory may rise over all of them; the nested bomb alone unpacks to 30 GB."""
CODES = (
    (hostile.PROGRAMS, {"upload.program"}),
    (hostile.ARCHIVES, {"upload.archive", "upload.unwanted_kind", "intake.not_a_statement"}),
    (hostile.DOCUMENTS, {"upload.archive", "upload.unwanted_kind"}),
    (hostile.PAGES, {"upload.active_content", "intake.not_a_statement"}),
    (hostile.TWOFOLD, {"upload.two_kinds", "upload.unwanted_kind"}),
)


@pytest.fixture
async def books(signed_up: Member) -> Books:
    made = Books(signed_up)
    await made.learn()
    return made


async def sent(books: Books, name: str, content: bytes) -> tuple[str, int]:
    """Upload a file, and return the code of its refusal and its rows."""
    answer = await books.ask("POST", "imports", files={"file": (name, content)}, timeout=60)
    said: dict[str, Any] = answer.json()
    if answer.status_code == 201:
        return "", sum(account["added"] for account in said["accounts"])
    assert 400 <= answer.status_code < 500, f"{name}: {answer.status_code} {answer.text}"
    assert said["detail"].endswith("."), said
    return str(said["code"]), 0


async def test_each_of_sixty_hostile_files_is_refused_or_holds_nothing(
    books: Books, address: DatabaseAddress
) -> None:
    assert len(hostile.ALL) + len(hostile.BODIES) >= 60
    before = getrusage(RUSAGE_SELF).ru_maxrss
    found = {what: await sent(books, *file) for what, file in hostile.ALL.items()}
    assert getrusage(RUSAGE_SELF).ru_maxrss - before < GROWTH_KIB_MAX
    assert {what for what, (_, rows) in found.items() if rows} == set()
    for kind, codes in CODES:
        assert {what: found[what][0] for what in kind if found[what][0] not in codes} == {}
    assert await books.list() == []
    assert await offences(address) == []
    assert await sent(books, "bank.csv", hostile.TABLE) in {("", 2), ("intake.needs_answer", 0)}


async def test_a_body_of_too_many_parts_or_too_large_ones_is_refused(books: Books) -> None:
    headers = {"content-type": f"multipart/form-data; boundary={hostile.Parts.BOUNDARY}"}
    found = {}
    for what, body in hostile.BODIES.items():
        answer = await books.ask("POST", "imports", content=body(), headers=headers)
        found[what] = answer.status_code
    assert found == dict.fromkeys(hostile.BODIES, 422)
    assert (await books.done("GET", "imports"))["items"] == []


async def test_a_refused_file_is_noted_among_the_security_events(
    books: Books, address: DatabaseAddress
) -> None:
    await sent(books, "invoice.pdf", hostile.MZ)
    events = await books.member.get("/api/v1/me/activity")
    noted = [each for each in events.json()["items"] if each["kind"] == "upload.refused"]
    assert [each["facts"] for each in noted] == [{"code": "upload.program"}]
    assert await offences(address) == []
