"""Two households that know nothing of each other, and somebody in each role of the first."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import count
from typing import Any
from uuid import UUID

from solvent.runtime.database import OWNER, VERIFIER, Connection, DatabaseAddress, connect
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.ids import new_id
from tests.database.bookkeeping import Books, dropped
from tests.database.clients import Member, admitted, opened_client, registered
from tests.database.matrix import ROLES
from tests.database.statements import ofx

HOUSEHOLD_TABLES = """
    select c.relname from pg_class c join pg_namespace n on n.oid = c.relnamespace
     where n.nspname = 'solvent' and c.relkind in ('r', 'p') and exists (
           select from pg_attribute a
            where a.attrelid = c.oid and a.attname = 'household_id' and not a.attisdropped)
     order by c.relname
"""
IDS = ("account", "payee", "transaction", "source", "invitation")
CANARIES = ("Canary", "canary", "bruno@")
_numbers = count(1)


@dataclass
class Two:
    """Alma's household with everybody in it, and Bruno's."""

    people: dict[str, Member]
    home: Books
    other: Books
    address: DatabaseAddress
    kept: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    async def fresh(self, kind: str, *, gone: bool = False) -> str:
        """Return something of Alma's that no earlier question has changed, perhaps taken away again."""
        makers = {"transaction": self._transaction, "person": self._person}
        makers |= {"invitation": self._invitation, "source": self._source, "payee": self._payee}
        made = await makers[kind]() if kind in makers else self.kept["home"][kind]
        if gone:
            await self.home.done("DELETE", f"{GROUPS[kind]}/{made}")
        return made

    async def before(self, operation: tuple[str, str], ids: dict[str, str]) -> None:
        """Do what an operation undoes: delete before restoring, undo before doing again."""
        method, path = operation
        if path.endswith("/restore"):
            await self.home.done("DELETE", f"transactions/{ids['transaction']}")
        if path.endswith("/redo"):
            await self.home.done("POST", f"imports/{ids['source']}/undo")
        assert method

    async def _transaction(self) -> str:
        made = await recorded(self.home, "Purse", payee="Market")
        return str(made["id"])

    async def _payee(self) -> str:
        made = await recorded(self.home, "Purse", payee=f"Payee {next(_numbers)}")
        return str(made["payee"]["id"])

    async def _invitation(self) -> str:
        made = await self.home.done("POST", "invitations", json={"role": "viewer"})
        return str(made["id"])

    async def _source(self) -> str:
        content = ofx([(f"r{next(_numbers)}", date(2026, 2, 2), -100 - next(_numbers))])
        made = await dropped(self.home, content, account=self.home.ids["Purse"])
        return str(made["id"])

    async def _person(self) -> str:
        """Add a member who never logs in."""
        person = new_id()
        connection = await connect(self.address.owner, OWNER)
        try:
            await connection.execute(
                "insert into person (id, email, name, password_hash, created_at)"
                " values ($1, $2, 'Spare', '', now())",
                person,
                f"spare{person.hex}@example.org",
            )
            await connection.execute(
                "insert into membership (household_id, person_id, role, created_at)"
                " values ($1, $2, 'editor', now())",
                self.home.member.household,
                person,
            )
        finally:
            await connection.close()
        return str(person)


GROUPS = {"transaction": "transactions", "invitation": "invitations", "person": "members"}


async def recorded(books: Books, account: str, **said: Any) -> dict[str, Any]:
    """Record something small, which no other looks like."""
    minor = 1_000 + next(_numbers)
    return await books.record("2026-02-01", (account, -minor), ("Groceries", minor), **said)


async def furnished(books: Books, mark: str) -> dict[str, str]:
    """Make one of everything, and return the ids by kind."""
    await books.learn()
    account = await books.open(f"{mark}Purse", opening_balance_minor=31_337)
    first = await recorded(
        books, f"{mark}Purse", payee=f"{mark}Seed", memo=f"{mark}memo", tags=[f"{mark}tag"]
    )
    content = ofx([("c1", date(2026, 2, 3), -4_242, f"{mark}Bank")], account="4711")
    source = await dropped(books, content, account=account)
    invitation = await books.done("POST", "invitations", json={"role": "viewer"})
    return {
        "account": account,
        "category": books.ids["Groceries"],
        "transaction": str(first["id"]),
        "payee": str(first["payee"]["id"]),
        "source": str(source["id"]),
        "invitation": str(invitation["id"]),
        "person": str(books.member.person),
    }


@asynccontextmanager
async def two_households(app: Outermost, address: DatabaseAddress) -> AsyncGenerator[Two, None]:
    """Register everybody, for real, and fill both households."""
    async with AsyncExitStack() as stack:
        people: dict[str, Member] = {}
        for name in (*ROLES, "removed", "neighbour"):
            client = await stack.enter_async_context(opened_client(app))
            email = "bruno@example.org" if name == "neighbour" else f"{name}@example.org"
            people[name] = await registered(client, email)
        owner, neighbour = people["owner"], people["neighbour"]
        two = Two(people, Books(owner), Books(neighbour), address)
        two.kept["home"] = await furnished(two.home, "")
        two.kept["other"] = await furnished(two.other, "Canary ")
        token = await neighbour.post("/api/v1/tokens", json={"name": "Canary Token"})
        two.kept["other"]["token"] = token.json()["id"]
        for role in (*ROLES[1:], "removed"):
            await admitted(owner, people[role], "viewer" if role == "removed" else role)
            people[role] = replace(people[role], household=owner.household)
        await two.home.done("DELETE", f"members/{people['removed'].person}")
        yield two


async def tables_of_households(connection: Connection) -> list[str]:
    """Return the tables that have rows of households."""
    return [row[0] for row in await connection.fetch(HOUSEHOLD_TABLES)]


async def ids_of(address: DatabaseAddress, household: UUID) -> dict[str, list[str]]:
    """Return the ids of everything in ``household``, by table."""
    connection = await connect(address.reading_all, VERIFIER)
    try:
        found = {
            table: await connection.fetch(
                f"select id::text from {table} where household_id = $1", household
            )
            for table in IDS
        }
        found["person"] = await connection.fetch(
            "select person_id::text from membership where household_id = $1", household
        )
    finally:
        await connection.close()
    return {table: [row[0] for row in rows] for table, rows in found.items()}
