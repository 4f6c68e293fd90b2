"""Every operation, asked by every role about what is theirs, another household's, gone, or was never."""

import json
import random
import re
from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any
from uuid import UUID

import httpx2
import pytest
from hypothesis import settings as hypothesis_settings

from solvent.runtime.database import APP, DatabaseAddress, connect
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.ids import new_id
from solvent.runtime.work import Works
from tests.database.bookkeeping import offences
from tests.database.clients import admitted
from tests.database.matrix import (
    FOREIGN_IN_BODY,
    HOUSEHOLD,
    OUTSIDERS,
    ROLES,
    ROWS,
    Open,
    Own,
    Row,
    everyone,
)
from tests.database.neighbours import (
    CANARIES,
    Two,
    ids_of,
    tables_of_households,
    two_households,
)
from tests.database.statements import ofx

OPENAPI = Path(__file__).parents[1] / "golden" / "openapi.json"
PLACE = re.compile(r"\{(\w+)\}")
NEVER = "0199aaaa-0000-7000-8000-00000000dead"
PAIRS = 1_000
PAIRS_LONG = 5_000
"""Of an own path and a foreign id, on each of the two servers; and how many before a release."""
SEED = 20_260_315
NOBODY = "nobody"
REQUEST = re.compile(r'"request_id":"\w+"')
DELETABLE = ("transaction", "invitation", "person")


@pytest.fixture
async def two(app: Outermost, address: DatabaseAddress) -> AsyncGenerator[Two, None]:
    async with two_households(app, address) as made:
        yield made


@dataclass(frozen=True, slots=True)
class Told:
    """What somebody was answered about something."""

    who: str
    what: str
    answer: httpx2.Response

    def must_be(self, *statuses: int) -> str | None:
        """Return what is wrong about the status, if anything is."""
        if self.answer.status_code in statuses:
            return None
        return f"{self.who}: {self.what}: {self.answer.status_code}, not {statuses}: {self.answer.text[:160]}"

    def must_not_say(self, words: list[str], asked: str = "") -> str | None:
        """Return the word of another household that it says, if it does; ``asked`` was said first."""
        text = self.answer.text
        found = next((word for word in words if word in text and word not in asked), None)
        return None if found is None else f"{self.who}: {self.what}: says {found}"


def filled(body: Any, ids: dict[str, str]) -> Any:
    """Return ``body`` with ids in the places that name them."""
    text = PLACE.sub(lambda place: ids.get(place[1], place[0]), json.dumps(body))
    return json.loads(text)


async def asked(
    two: Two, who: str, operation: tuple[str, str], row: Row | Own | Open, ids: dict[str, str]
) -> httpx2.Response:
    """Send what ``row`` says, as one of the people or as nobody."""
    method, path = operation
    member = two.people.get(who)
    ids = ids | {"new": f"New {new_id()}"}
    more: dict[str, Any] = {"headers": member.headers if member else {}}
    if isinstance(row, Row):
        more["params"] = row.params
    if isinstance(row, Row) and row.files:
        content = ofx([(str(new_id()), date(2026, 3, 3), -(1 + new_id().int % 10**6))])
        more |= {"files": {"file": ("bank.ofx", content)}, "data": filled(row.json, ids)}
    elif row.json is not None:
        more["json"] = filled(row.json, ids)
    client = (member or two.home.member).client
    return await client.request(method, PLACE.sub(lambda place: ids[place[1]], path), **more)


async def test_every_operation_answers_every_role_as_the_table_says(
    two: Two, address: DatabaseAddress
) -> None:
    document = json.loads(OPENAPI.read_text(encoding="utf-8"))
    operations = {
        (method.upper(), path) for path, methods in document["paths"].items() for method in methods
    }
    assert set(ROWS) == operations
    secrets = {
        whose: [*CANARIES * (whose == "other"), *chain(*(await ids_of(address, home)).values())]
        for whose, home in (
            ("home", two.home.member.household),
            ("other", two.other.member.household),
        )
    }
    wrong: list[str | None] = []
    for operation, row in ROWS.items():
        if isinstance(row, Row):
            wrong += await of_a_household(two, operation, row, secrets)
        else:
            wrong += await of_a_person(two, operation, row, secrets["other"])
    assert not any(wrong), "\n".join(filter(None, wrong))
    assert await offences(address) == []


async def of_a_person(
    two: Two, operation: tuple[str, str], row: Own | Open, secrets: list[str]
) -> list[str | None]:
    """Ask what hangs on no household, and name what is wrong."""
    theirs = two.people["neighbour"]
    sessions = (await theirs.get("/api/v1/me/sessions")).json()["items"]
    ids = two.kept["other"] | {"session": sessions[0]["id"], "token": two.kept["other"]["token"]}
    wrong: list[str | None] = []
    for who in (NOBODY, *(() if isinstance(row, Open) else (*ROLES, "removed"))):
        status = 401 if who == NOBODY and isinstance(row, Own) else row.status
        for what in (ids, dict.fromkeys(ids, NEVER))[: 1 + ("{" in operation[1])]:
            named = what | {"elsewhere": str(theirs.household), "passkey": NEVER}
            if status:
                told = Told(who, str(operation), await asked(two, who, operation, row, named))
                wrong += [told.must_be(status), told.must_not_say(secrets, str(named))]
    return wrong


async def of_a_household(
    two: Two, operation: tuple[str, str], row: Row, secrets: dict[str, list[str]]
) -> list[str | None]:
    """Ask what hangs on a household, and name what is wrong."""
    home = two.kept["home"] | {"household": str(two.home.member.household)}
    wrong: list[str | None] = []
    for who, status in ((NOBODY, 401), *((outsider, 404) for outsider in OUTSIDERS)):
        for household in (home["household"], NEVER):
            ids = home | {"household": household}
            told = Told(who, str(operation), await asked(two, who, operation, row, ids))
            wrong += [told.must_be(status), told.must_not_say(secrets["home"], str(ids))]
    for who in (*ROLES[1:], ROLES[0]):
        wrong += await of_a_member(two, who, operation, row, secrets["other"])
    return wrong


async def of_a_member(
    two: Two, who: str, operation: tuple[str, str], row: Row, secrets: list[str]
) -> list[str | None]:
    """Ask as one member about what is theirs, another household's, was never, and is gone."""
    home = two.kept["home"] | {"household": str(two.home.member.household)}
    may = row.status(who) < 400
    kind = next(iter(PLACE.findall(operation[1].partition("{household}")[2])), None)
    wrong: list[str | None] = []
    if kind is not None:
        answers: list[str] = []
        for subject in (two.kept["other"][kind], NEVER):
            ids = home | {kind: subject}
            answer = await asked(two, who, operation, row, ids)
            told = Told(who, f"{operation} of {subject}", answer)
            wrong += [told.must_be(*((404,) if may else (403, 404)))]
            wrong += [told.must_not_say(secrets, str(ids))]
            answers.append(REQUEST.sub("", answer.text.replace(subject, "")))
        wrong += [f"{who}: {operation} tells {answers}"] * (answers[0] != answers[1])
        if may and kind in DELETABLE:
            ids = home | {kind: await two.fresh(kind, gone=True)}
            told = Told(who, f"{operation} of gone", await asked(two, who, operation, row, ids))
            wrong += [told.must_be(row.gone), told.must_not_say(secrets)]
    ids = home | ({kind: await two.fresh(kind)} if kind and may else {})
    if may:
        await two.before(operation, ids)
    told = Told(who, str(operation), await asked(two, who, operation, row, ids))
    return [*wrong, told.must_be(row.status(who)), told.must_not_say(secrets)]


async def test_what_another_household_has_is_not_there_in_any_path(
    two: Two, address: DatabaseAddress
) -> None:
    long = hypothesis_settings.get_current_profile_name() == "long"
    theirs = await ids_of(address, two.other.member.household)
    secrets = [*CANARIES, *chain(*theirs.values())]
    places = [(operation, row) for operation, row in HOUSEHOLD.items() if "{" in operation[1]]
    draw = random.Random(SEED)  # noqa: S311 - the same pairs each time
    wrong: list[str | None] = []
    for _ in range(PAIRS_LONG if long else PAIRS):
        (method, path), row = draw.choice(places)
        who = draw.choice(("owner", "owner", "editor", "adviser", "viewer"))
        foreign = draw.choice(theirs[draw.choice(list(theirs))])
        operation = (method, f"{two.home.home}/{path}")
        ids = two.kept["home"] | {PLACE.findall(path)[0]: foreign}
        told = Told(
            who, f"{method} {path} of {foreign}", await asked(two, who, operation, row, ids)
        )
        wrong += [told.must_be(*((404,) if row.status(who) < 400 else (403, 404)))]
        wrong += [told.must_not_say(secrets, foreign)]
    assert not any(wrong), "\n".join(filter(None, wrong))


async def test_what_another_household_has_is_not_there_in_any_body_or_filter(two: Two) -> None:
    wrong: list[str | None] = []
    for method, path, body, status in FOREIGN_IN_BODY:
        kind = {"accounts": "account", "payees": "payee", "grants": "person"}.get(
            path.partition("/")[0], "transaction"
        )
        own = await two.fresh(kind)
        operation = (method, f"{two.home.home}/{path}")
        ids = two.kept["other"] | {"own": own, "category": two.kept["home"]["category"]}
        row = everyone(status, json=body)
        told = Told(
            "owner", f"{method} {path} {body}", await asked(two, "owner", operation, row, ids)
        )
        wrong += [told.must_be(status), told.must_not_say(list(CANARIES))]
    assert not any(wrong), "\n".join(filter(None, wrong))
    for name in ("account", "category"):
        found = await two.home.list(**{name: two.kept["other"]["account"]})
        assert found == [], name


async def test_every_table_of_the_catalogue_is_closed_to_another_household(
    two: Two, address: DatabaseAddress
) -> None:
    mine, other = two.home.member.household, two.other.member.household
    connection = await connect(address.app, APP)
    try:
        tables = await tables_of_households(connection)
        assert len(tables) > 20
        for table in tables:
            if await connection.fetchval(f"select has_table_privilege('{table}', 'select')"):
                assert await connection.fetchval(f"select count(*) from {table}") == 0, table
        owner = two.home.member.person
        async with connection.transaction():
            await connection.execute("select set_scope($1, $2, 'owner', null, null)", owner, mine)
            for table in tables:
                if await connection.fetchval(f"select has_table_privilege('{table}', 'select')"):
                    seen = f"select distinct household_id from {table}"
                    found = {row[0] for row in await connection.fetch(seen)}
                    assert found <= {mine}, (table, other in found)
    finally:
        await connection.close()


async def test_no_table_has_a_row_of_an_account_that_is_not_read(two: Two, works: Works) -> None:
    hidden = two.kept["other"]["account"]
    owner, guest = two.other.member, two.people["removed"]
    await admitted(owner, guest, "editor", accounts={hidden: "nothing"})
    await nothing_is_read(two, works, guest.person, shows=0)
    body = {"accounts": {hidden: "balance"}}
    await two.other.done("PUT", f"grants/{guest.person}", json=body)
    await nothing_is_read(two, works, guest.person, shows=1)


async def nothing_is_read(two: Two, works: Works, person: UUID, *, shows: int) -> None:
    """Look for the hidden account in every table, in the scope of ``person``."""
    hidden = two.kept["other"]["account"]
    household = two.other.member.household
    ours = {key: UUID(two.kept["other"][key]) for key in ("transaction", "source", "payee")}
    async with works.for_member(household, person=person, cause="test") as work:
        for statement, subject in (
            ("posting where account_id = $1", UUID(hidden)),
            ("source_item where account_id = $1", UUID(hidden)),
            ("posting where transaction_id = $1", ours["transaction"]),
            ("transaction where id = $1", ours["transaction"]),
            ("memo_text where transaction_id = $1", ours["transaction"]),
            ("transaction_tag where transaction_id = $1", ours["transaction"]),
            ("payee where id = $1", ours["payee"]),
            ("source where id = $1", ours["source"]),
            ("source_chunk where source_id = $1", ours["source"]),
            ("import_progress where source_id = $1", ours["source"]),
        ):
            found = await work.value(f"select count(*) from {statement}", subject)
            assert found == 0, (shows, statement)
        seen = await work.value("select count(*) from account where id = $1", UUID(hidden))
        assert seen == shows
