"""The list of transactions is planned well: by its indexes, with statistics and without.

Every combination of filters is prepared; those that an index serves are run over 100,000 rows, and
must neither read a table whole nor touch more pages than a page of rows has need of.
"""

import asyncio
import json
from collections.abc import Generator, Iterator
from dataclasses import replace
from datetime import date
from itertools import combinations
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from solvent.ledger.store.listing import compose
from solvent.ledger.store.selection import Question, Selection
from solvent.runtime.database import PLANNING
from tests.database.filled import (
    ACCOUNT,
    CATEGORY,
    HOUSEHOLD,
    PAYEE,
    RARE_PAYEE,
    Filled,
)
from tests.database.servers import Server

LIMIT = 50
BEFORE = (date(2020, 6, 1), UUID(int=(1 << 128) - 1))

FILTERS: dict[str, dict[str, Any]] = {
    "account": {"account": ACCOUNT},
    "category": {"category": CATEGORY},
    "payee": {"payee": "Market"},
    "one payee": {"payee": PAYEE},
    "text": {"text": "LISBOA"},
    "first": {"first": date(2018, 1, 1)},
    "last": {"last": date(2022, 1, 1)},
    "least": {"min_minor": 1_000},
    "most": {"max_minor": 6_000},
    "state": {"state": "booked"},
    "tag": {"tag": "tag 3"},
    "uncategorised": {"uncategorised": True},
}

INDEXED: dict[str, dict[str, Any]] = {
    "nothing": {},
    "account": {"account": ACCOUNT},
    "category": {"category": CATEGORY},
    "payee": {"payee": "Market"},
    "rare payee": {"payee": "Shop 0"},
    "one payee": {"payee": PAYEE},
    "one rare payee": {"payee": RARE_PAYEE},
    "text": {"text": "LISBOA"},
    "rare text": {"text": "SELDOM"},
    "no text": {"text": "nowhere"},
    "span": {"first": date(2018, 1, 1), "last": date(2018, 6, 1)},
    "amount": {"min_minor": 1_000, "max_minor": 6_000},
    "pending": {"state": "pending"},
    "tag": {"tag": "tag 3"},
    "no tag": {"tag": "tag 9"},
    "uncategorised": {"uncategorised": True},
    "account and payee": {"account": ACCOUNT, "payee": "Market"},
    "account and rare payee": {"account": ACCOUNT, "payee": "Shop 0"},
    "account and one payee": {"account": ACCOUNT, "payee": PAYEE},
    "account and rare text": {"account": ACCOUNT, "text": "SELDOM"},
    "account and category": {"account": ACCOUNT, "category": CATEGORY},
    "account and amount": {"account": ACCOUNT, "min_minor": 1_000},
    "payee and amount and span": {
        "payee": "Market",
        "min_minor": 1_000,
        "max_minor": 6_000,
        "first": date(2015, 1, 1),
        "last": date(2024, 1, 1),
    },
    "rare payee and span": {"payee": "Shop 0", "first": date(2015, 1, 1), "last": date(2016, 1, 1)},
    "tag and account": {"tag": "tag 3", "account": ACCOUNT},
    "uncategorised and text": {"uncategorised": True, "text": "SELDOM"},
}

PAGES_TOUCHED_MAX = 16_000
"""A thousand rows looked at with their postings, and a page found by an index; all rows are 400,000."""
WHOLE = {"transaction", "posting", "memo_text", "account", "payee", "transaction_tag"}


@pytest.fixture(scope="module")
def filled(server: Server, template: str) -> Generator[Filled, None, None]:
    """A database of 100,000 transactions on this server, without statistics."""
    name = f"{template}_filled"
    asyncio.run(server.run(f"create database {name} template {template}"))
    books = Filled(server.admin(name))
    try:
        asyncio.run(books.fill())
        yield books
    finally:
        server.drop(name)


def combined(names: tuple[str, ...]) -> Question:
    """Return the question that all of ``names`` make together."""
    question = Question()
    for name in names:
        question = replace(question, **FILTERS[name])
    return question


def combinations_of_filters() -> Iterator[tuple[str, ...]]:
    yield ()
    yield from ((name,) for name in FILTERS)
    yield from combinations(FILTERS, 2)
    yield tuple(FILTERS)


def literal(value: object) -> str:
    """Write a value as SQL does."""
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


async def opened(filled: Filled) -> "asyncpg.Connection[asyncpg.Record]":
    """Return a connection that acts and plans as the application's do, in the household."""
    settings = {"role": "solvent_app", "search_path": "solvent", "jit": "off"} | PLANNING
    connection = await asyncpg.connect(filled.dsn, server_settings=settings)
    await connection.execute(
        "select set_config('solvent.household', $1, false), set_config('solvent.reads', 'all', false)",
        str(HOUSEHOLD),
    )
    return connection


def test_every_combination_of_filters_can_be_prepared(filled: Filled) -> None:
    async def prepared() -> int:
        connection = await opened(filled)
        count = 0
        try:
            for names in combinations_of_filters():
                for before in (None, BEFORE):
                    selection = Selection(combined(names), before, HOUSEHOLD, LIMIT)
                    statement = await connection.prepare(compose(selection))
                    assert len(statement.get_parameters()) == len(selection.arguments), names
                    count += 1
        finally:
            await connection.close()
        return count

    assert asyncio.run(prepared()) == 2 * (1 + 12 + 66 + 1)


@pytest.mark.parametrize("statistics", ["without statistics", "with statistics"])
@pytest.mark.parametrize("plan", ["force_generic_plan", "force_custom_plan"])
def test_what_an_index_serves_touches_few_pages(filled: Filled, statistics: str, plan: str) -> None:
    dear, whole = asyncio.run(_run_all(filled, plan, analyzed=statistics == "with statistics"))
    assert whole == {}
    assert dear == {}


def test_a_plan_that_reads_everything_would_be_noticed(filled: Filled) -> None:
    async def touched() -> tuple[int, set[str]]:
        connection = await opened(filled)
        try:
            await connection.execute("set enable_seqscan = on; set enable_indexscan = off")
            return await _explained(connection, Question(account=ACCOUNT), "force_custom_plan")
        finally:
            await connection.close()

    pages, whole = asyncio.run(touched())
    assert whole or pages > PAGES_TOUCHED_MAX


async def _run_all(
    filled: Filled, plan: str, *, analyzed: bool
) -> tuple[dict[str, int], dict[str, set[str]]]:
    """Return the questions that touched too many pages, and those that read tables whole."""
    await filled.run(
        "delete from pg_statistic where starelid = any(select oid from pg_class"
        " where relnamespace = 'solvent'::regnamespace)"
    )
    if analyzed:
        await filled.run("analyze")
    connection = await opened(filled)
    dear: dict[str, int] = {}
    whole: dict[str, set[str]] = {}
    try:
        for name, asked in INDEXED.items():
            pages, tables = await _explained(connection, Question(**asked), plan)
            if pages > PAGES_TOUCHED_MAX:
                dear[name] = pages
            if tables:
                whole[name] = tables
    finally:
        await connection.close()
    return dear, whole


async def _explained(
    connection: "asyncpg.Connection[asyncpg.Record]", question: Question, plan: str
) -> tuple[int, set[str]]:
    """Run ``question`` and return how many pages it touched and which tables it read whole."""
    selection = Selection(question, None, HOUSEHOLD, LIMIT)
    await connection.execute(f"set plan_cache_mode = {plan}")
    await connection.execute(f"prepare asked as {compose(selection)}")
    values = ", ".join(map(literal, selection.arguments))
    told = await connection.fetchval(
        f"explain (analyze, buffers, timing off, format json) execute asked({values})"
    )
    await connection.execute("deallocate asked")
    root = json.loads(told)[0]["Plan"]
    nodes = list(_nodes(root))
    scanned = {node["Relation Name"] for node in nodes if node["Node Type"] == "Seq Scan"}
    return root["Shared Hit Blocks"] + root["Shared Read Blocks"], scanned & WHOLE


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", ()):
        yield from _nodes(below)
