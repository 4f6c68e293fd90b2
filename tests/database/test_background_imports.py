"""Imports that a job books: watched, refused, interrupted, and followed by statistics."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from datetime import date, timedelta
from io import BytesIO
from typing import Any
from uuid import UUID

import pytest

from solvent.entrypoints.demonstration.files import bank_files
from solvent.entrypoints.working import made_runner
from solvent.intake.invariants import RUNNING_IMPORTS_HAVE_THEIR_JOB
from solvent.intake.jobs import KINDS
from solvent.intake.operations.analyze_books import analyze_books
from solvent.intake.operations.commit_in_background import give_up_import
from solvent.intake.operations.forget_previews import forget_previews
from solvent.intake.operations.import_file import Upload, import_file
from solvent.intake.operations.queue_import import QueuedImport
from solvent.runtime.database import JOBS, VERIFIER, DatabaseAddress, connect
from solvent.runtime.jobs.runner import JobRunner, Pace
from solvent.runtime.settinggroups import Settings
from solvent.runtime.work import Works
from tests.clocks import HandMovedClock
from tests.database.clients import Member

QUICK = Pace(poll_interval=timedelta(seconds=0.2), drain=timedelta(seconds=0.5))
PATIENCE_S = 60.0
OF_IMPORTS = "select entrypoint from job where entrypoint like 'intake.%'"
STATISTICS = "select entrypoint from job where entrypoint = 'intake.statistics'"


def an_ofx_file(currency: str = "EUR") -> bytes:
    """The largest of the demonstration's OFX files in ``currency``."""
    files = [
        file.content
        for file in bank_files(until=date(2026, 3, 14))
        if file.currency == currency and file.name.endswith(("ofx", "qfx"))
    ]
    return max(files, key=len)


def many_rows(count: int) -> bytes:
    """A file of so many payments."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>DEBIT<DTPOSTED>20260301<TRNAMT>-{number}.00<FITID>{number}<NAME>Shop"
        "</STMTTRN>"
        for number in range(1, count + 1)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\n"
        "COMPRESSION:NONE\nOLDFILEUID:NONE\nNEWFILEUID:NONE\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS>"
        "<CURDEF>EUR<BANKACCTFROM><BANKID>1<ACCTID>2<ACCTTYPE>CHECKING</BANKACCTFROM>"
        f"<BANKTRANLIST><DTSTART>20260301<DTEND>20260302{rows}</BANKTRANLIST>"
        "</STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


@asynccontextmanager
async def working(address: DatabaseAddress, works: Works) -> AsyncGenerator[None, None]:
    runner = JobRunner(address, works, KINDS, QUICK)
    task = asyncio.create_task(runner.run())
    try:
        yield
    finally:
        runner.stop()
        await task


async def previewed(member: Member, content: bytes) -> str:
    answer = await member.post(
        f"{member.home}/imports", files={"file": ("bank.ofx", content)}, data={"commit": "false"}
    )
    assert answer.status_code == 201, answer.text
    assert answer.json()["state"] == "previewed"
    return str(answer.json()["id"])


async def queued(member: Member, source: str, **said: Any) -> Any:
    return await member.post(
        f"{member.home}/imports/{source}/commit", params={"background": "true"}, json=said
    )


async def ended(member: Member, source: str) -> dict[str, Any]:
    """Return the import once it neither waits nor runs."""
    async with asyncio.timeout(PATIENCE_S):
        while True:
            shown = (await member.get(f"{member.home}/imports/{source}")).json()
            if shown["state"] not in {"waiting", "importing"}:
                return dict(shown)
            await asyncio.sleep(0.05)


async def asked(address: str, role: str, statement: str) -> list[Any]:
    connection = await connect(address, role)
    try:
        return [tuple(row) for row in await connection.fetch(statement)]
    finally:
        await connection.close()


async def test_an_import_in_the_background_is_answered_at_once_and_booked_by_a_job(
    signed_up: Member, address: DatabaseAddress, works: Works
) -> None:
    source = await previewed(signed_up, an_ofx_file())
    answer = await queued(signed_up, source)
    assert (answer.status_code, answer.json()["state"]) == (202, "waiting")
    assert (await queued(signed_up, source)).json()["state"] == "waiting"
    waiting = await asked(address.queue, JOBS, OF_IMPORTS)
    assert waiting == [("intake.commit",)]
    async with working(address, works):
        shown = await ended(signed_up, source)
    assert (shown["state"], shown["error"]) == ("committed", None)
    assert shown["accounts"][0]["added"] == shown["rows"] > 100
    assert (await queued(signed_up, source)).json()["state"] == "committed"
    changes = (await signed_up.get(f"{signed_up.home}/imports")).json()
    assert len(changes["items"]) == 1


async def test_the_journal_names_the_person_who_asked(
    signed_up: Member, address: DatabaseAddress, works: Works
) -> None:
    source = await previewed(signed_up, an_ofx_file())
    await queued(signed_up, source)
    async with working(address, works):
        await ended(signed_up, source)
    actors = await asked(
        address.reading_all, VERIFIER, "select actor from journal where kind = 'import.committed'"
    )
    assert actors == [(f"person:{signed_up.person}",)]


async def test_a_refusal_is_kept_with_the_file_which_may_be_tried_again(
    signed_up: Member, address: DatabaseAddress, works: Works
) -> None:
    account = await signed_up.post(
        f"{signed_up.home}/accounts",
        json={"name": "Dollars", "kind": "asset", "currency": "USD"},
    )
    source = await previewed(signed_up, an_ofx_file("EUR"))
    async with working(address, works):
        await queued(signed_up, source, account=account.json()["id"])
        shown = await ended(signed_up, source)
        assert shown["state"] == "failed"
        assert shown["error"]["code"] == "intake.currency_clash"
        assert "EUR" in shown["error"]["message"]
        again = await queued(signed_up, source)
        assert (again.status_code, again.json()["error"]) == (202, None)
        assert (await ended(signed_up, source))["state"] == "committed"
    assert await asked(address.queue, JOBS, "select id from job where status = 'failed'") == []


async def test_an_import_interrupted_in_the_middle_is_done_by_the_next_runner(
    signed_up: Member, address: DatabaseAddress, works: Works
) -> None:
    source = await previewed(signed_up, an_ofx_file())
    await queued(signed_up, source)
    async with works.for_machine(signed_up.household, cause="test") as work:
        # As a process leaves it that was killed after it had begun.
        await work.execute("update source set state = 'importing' where id = $1", UUID(source))
    async with working(address, works):
        assert (await ended(signed_up, source))["state"] == "committed"


async def test_an_import_that_breaks_for_good_says_so(signed_up: Member, works: Works) -> None:
    source = await previewed(signed_up, an_ofx_file())
    await queued(signed_up, source)
    await give_up_import(works, QueuedImport(signed_up.household, UUID(source), "test"))
    shown = await ended(signed_up, source)
    assert (shown["state"], shown["error"]["code"]) == ("failed", "intake.import_broken")


async def test_an_import_left_without_a_job_is_found(
    signed_up: Member, address: DatabaseAddress
) -> None:
    source = await previewed(signed_up, an_ofx_file())
    await queued(signed_up, source)
    orphans = RUNNING_IMPORTS_HAVE_THEIR_JOB.offenders
    assert await asked(address.reading_all, VERIFIER, orphans) == []
    await asked(
        address.queue, JOBS, "delete from job where entrypoint like 'intake.%' returning id"
    )
    found = await asked(address.reading_all, VERIFIER, orphans)
    assert [str(row[1]) for row in found] == [source]


@pytest.mark.parametrize(("rows", "wanted"), [(1_000, []), (1_001, [("intake.statistics",)])])
async def test_a_large_batch_is_followed_by_statistics(
    signed_up: Member, address: DatabaseAddress, works: Works, rows: int, wanted: list[Any]
) -> None:
    answer = await signed_up.post(
        f"{signed_up.home}/imports", files={"file": ("many.ofx", many_rows(rows))}
    )
    assert answer.json()["rows"] == rows
    assert await asked(address.queue, JOBS, STATISTICS) == wanted
    await analyze_books(works)
    (known,) = await asked(
        address.reading_all,
        VERIFIER,
        "select reltuples from pg_class where relname = 'transaction'",
    )
    assert known == (rows,)


async def test_previews_that_nobody_took_are_forgotten_after_thirty_days(
    signed_up: Member, works: Works, clock: HandMovedClock
) -> None:
    async def imported(rows: int, *, commit: bool) -> str:
        upload = Upload(BytesIO(many_rows(rows)), "few.ofx")
        async with works.for_machine(signed_up.household, cause="test") as work:
            return str((await import_file(work, upload=upload, commit=commit)).id)

    await imported(1, commit=False)
    taken = await imported(2, commit=True)
    clock.advance(days=29)
    young = await imported(3, commit=False)
    assert await forget_previews(works) == 0
    clock.advance(days=2)
    assert await forget_previews(works) == 1
    async with works.for_machine(signed_up.household, cause="test") as work:
        left = await work.column("select id::text from source order by id")
        chunks = await work.column("select distinct source_id::text from source_chunk order by 1")
    assert left == chunks == [taken, young]


@pytest.mark.parametrize("name", ["books.verify", "answers.forget", "previews.forget"])
async def test_what_recurs_is_known_to_the_runner(
    settings: Settings, address: DatabaseAddress, works: Works, name: str
) -> None:
    runner = made_runner(settings, address, works)
    task = asyncio.create_task(runner.run())
    known: list[Any] = []
    try:
        async with asyncio.timeout(PATIENCE_S):
            while (name,) not in known:
                await asyncio.sleep(0.05)
                known = await asked(address.queue, JOBS, "select entrypoint from job_schedule")
    finally:
        runner.stop()
        await task
