"""Kill -9 while people write: what was acknowledged is there, and the books hold.

A real `solvent serve` on its embedded database is written to over HTTP by several people at once; it
is killed at a moment nobody chose, started again at once on the same directory, and asked.
"""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import uuid4

import httpx2
import psutil  # type: ignore[import-untyped]  # it has no types of its own
import pytest

from tests.database.clients import newcomer
from tests.served import ENVIRONMENT, SOLVENT, Served, folder_to_serve, without_settings

WRITERS = 4
WRITING_S = 1.5
ROWS_PER_FILE = 40
FAULTS = httpx2.TransportError


@dataclass
class Written:
    """What one writer was promised: transactions by memo, and files by name."""

    memos: list[str] = field(default_factory=list)
    files: list[str] = field(default_factory=list)


@dataclass
class Household:
    """Somebody's household at a running Solvent."""

    url: str
    token: str
    accounts: list[str]

    def client(self) -> httpx2.AsyncClient:
        """Return a client of the household's routes."""
        headers = {"authorization": f"Bearer {self.token}"}
        return httpx2.AsyncClient(base_url=self.url, headers=headers, timeout=20)


@pytest.fixture(scope="module")
def served() -> Generator[Served, None, None]:
    with folder_to_serve() as folder:
        solvent = Served(folder)
        try:
            solvent.start()
            yield solvent
            assert solvent.stop() == 0, solvent.tail()
        finally:
            solvent.kill()
            end_what_runs_in(folder)


def everything(solvent: Served) -> None:
    """Kill the whole process group, and the database's processes with it."""
    victims = [*workers_of(solvent), *database_of(solvent)]
    solvent.kill()
    for victim in victims:
        end(victim)


def the_database(solvent: Served) -> None:
    """Kill the database's processes alone; whatever serves then stops."""
    for victim in database_of(solvent):
        end(victim)
    assert solvent.process is not None
    solvent.process.wait(60)


def a_web_process(solvent: Served) -> None:
    """Kill the web process alone; another takes its place."""
    for victim in workers_of(solvent):
        end(victim)


@pytest.mark.parametrize("kill", [everything, the_database, a_web_process])
async def test_what_was_acknowledged_survives(
    served: Served, kill: Callable[[Served], None]
) -> None:
    home = await opened(served)
    promised = [Written() for _ in range(WRITERS)]
    writing = [asyncio.create_task(write(home, kept)) for kept in promised]
    await asyncio.sleep(WRITING_S)
    await asyncio.to_thread(kill, served)
    await asyncio.gather(*writing)
    if served.process is None or served.process.poll() is not None:
        await asyncio.to_thread(served.start)
    await answering(home)

    memos = {memo for kept in promised for memo in kept.memos}
    files = {name for kept in promised for name in kept.files}
    assert memos
    assert files
    found = [item["memo"] for item in await every_transaction(home)]
    assert memos <= set(found)
    assert len(found) == len(set(found)), "a write has had two effects"
    await files_are_whole(home, files, found)
    held = await asyncio.to_thread(verified, served)
    assert held.returncode == 0, held.stdout + held.stderr


def verified(solvent: Served) -> "subprocess.CompletedProcess[str]":
    """Let the command hold the books against every invariant."""
    return subprocess.run(
        [SOLVENT, "verify", "--data-dir", solvent.data],
        env=without_settings() | ENVIRONMENT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


async def opened(solvent: Served) -> Household:
    """Sign up, log in, and open two accounts."""
    async with httpx2.AsyncClient(base_url=solvent.url, timeout=30) as client:
        person = newcomer(f"{uuid4()}@example.org")
        made = await client.post("/api/v1/auth/register", json=person)
        pair = await client.post("/api/v1/auth/login", json=person)
        home = f"{solvent.url}/api/v1/households/{made.json()['household']['id']}/"
        household = Household(home, pair.json()["access_token"], [])
    async with household.client() as client:
        for name in ("Purse", "Bank"):
            body = {"name": name, "kind": "asset", "currency": "EUR"}
            answer = await client.post("accounts", json=body)
            assert answer.status_code == 201, answer.text
            household.accounts.append(answer.json()["id"])
    return household


async def write(home: Household, kept: Written) -> None:
    """Post until the connection breaks; keep what was acknowledged."""
    turn = 0
    async with home.client() as client:
        while True:
            turn += 1
            try:
                if turn % 5:
                    memo = f"memo {uuid4()}"
                    answer = await post_transaction(client, home, memo)
                    kept.memos += [memo] if answer.status_code == 201 else []
                else:
                    name = f"{uuid4()}.csv"
                    answer = await post_file(client, home, name)
                    kept.files += [name] if answer.status_code == 201 else []
            except FAULTS:
                return
            if answer.status_code != 201:
                assert answer.status_code in {500, 503}, answer.text
                return


async def post_transaction(
    client: httpx2.AsyncClient, home: Household, memo: str
) -> httpx2.Response:
    """Move a euro from the purse to the bank."""
    postings = [
        {"account": account, "amount_minor": minor, "currency": "EUR"}
        for account, minor in zip(home.accounts, (-100, 100), strict=True)
    ]
    body = {"booked_on": "2026-03-01", "memo": memo, "postings": postings}
    key = {"idempotency-key": str(uuid4())}
    return await client.post("transactions", json=body, headers=key)


async def post_file(client: httpx2.AsyncClient, home: Household, name: str) -> httpx2.Response:
    """Import a file whose rows all name it."""
    rows = [f"2026-02-{each % 28 + 1:02},Shop,{name} {each},-1.00" for each in range(ROWS_PER_FILE)]
    content = "\n".join(["Date,Payee,Memo,Amount", *rows, ""])
    return await client.post(
        "imports",
        files={"file": (name, content.encode())},
        data={"account": home.accounts[1]},
        headers={"idempotency-key": str(uuid4())},
    )


async def answering(home: Household) -> None:
    """Wait until the household answers again."""
    end_at = time.monotonic() + 30
    while time.monotonic() < end_at:
        try:
            async with home.client() as client:
                if (await client.get("accounts")).status_code == 200:
                    return
        except FAULTS:
            pass
        await asyncio.sleep(0.1)
    raise AssertionError("nothing answers after the crash")


async def every_transaction(home: Household) -> list[dict[str, Any]]:
    """Return all transactions, page by page."""
    items: list[dict[str, Any]] = []
    cursor: dict[str, str] = {}
    async with home.client() as client:
        while True:
            page = await client.get("transactions", params={"limit": "1000"} | cursor)
            assert page.status_code == 200, page.text
            items += page.json()["items"]
            if not page.json()["next_cursor"]:
                return items
            cursor = {"cursor": page.json()["next_cursor"]}


async def files_are_whole(home: Household, files: set[str], memos: list[str]) -> None:
    """Expect every acknowledged file in the books, and each file whole or not at all."""
    rows: dict[str, int] = {}
    for memo in memos:
        name = memo.split()[0]
        if name.endswith(".csv"):
            rows[name] = rows.get(name, 0) + 1
    assert files <= set(rows)
    assert set(rows.values()) == {ROWS_PER_FILE}
    async with home.client() as client:
        listed = (await client.get("imports", params={"limit": 200})).json()["items"]
    states = {each["name"]: each["state"] for each in listed}
    assert {states[name] for name in rows if name in states} <= {"committed"}


def workers_of(solvent: Served) -> list[psutil.Process]:
    """Return the web processes: children that are no PostgreSQL."""
    assert solvent.process is not None
    children = psutil.Process(solvent.process.pid).children(recursive=True)
    return [child for child in children if "python" in child.name() or "solvent" in child.name()]


def database_of(solvent: Served) -> list[psutil.Process]:
    """Return the postmaster of the data directory and its children."""
    found = next(solvent.data.rglob("postmaster.pid"))
    postmaster = psutil.Process(int(found.read_text().split()[0]))
    return [postmaster, *postmaster.children(recursive=True)]


def end(victim: psutil.Process) -> None:
    """Kill a process that this test started, if it is there still."""
    try:
        os.kill(victim.pid, signal.SIGKILL)
    except ProcessLookupError:
        return


def end_what_runs_in(folder: Path) -> None:
    """Kill a database that a failed test has left behind."""
    for found in folder.rglob("postmaster.pid"):
        pid = int(found.read_text().split()[0])
        if psutil.pid_exists(pid) and str(folder) in " ".join(psutil.Process(pid).cmdline()):
            for victim in [*psutil.Process(pid).children(recursive=True), psutil.Process(pid)]:
                end(victim)
