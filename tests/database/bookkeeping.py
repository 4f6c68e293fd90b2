"""The books of one household as a program keeps them over HTTP, and what must hold of them."""

from dataclasses import dataclass, field
from typing import Any

import httpx2

from solvent.intake.invariants import INVARIANTS as OF_INTAKE
from solvent.ledger.invariants import INVARIANTS as OF_LEDGER
from solvent.runtime.database import VERIFIER, DatabaseAddress, connect
from solvent.runtime.journal import INVARIANTS as OF_JOURNAL
from tests.database.clients import Member

EVERY_INVARIANT = (*OF_JOURNAL, *OF_LEDGER, *OF_INTAKE)


@dataclass
class Books:
    """The books of one member's household; accounts and categories go by the end of their path."""

    member: Member
    ids: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def home(self) -> str:
        """The address that its routes begin with."""
        return self.member.home

    async def ask(self, method: str, path: str, **more: Any) -> httpx2.Response:
        """Send a request to ``path`` below the household."""
        headers = self.member.headers | more.pop("headers", {})
        return await self.member.client.request(
            method, f"{self.home}/{path}", headers=headers, **more
        )

    async def done(self, method: str, path: str, **more: Any) -> Any:
        """Send a request that must succeed, and return its answer."""
        answer = await self.ask(method, path, **more)
        assert answer.status_code < 300, answer.text
        return answer.json() if answer.content else None

    async def refused(self, method: str, path: str, **more: Any) -> tuple[int, str]:
        """Send a request that must be refused, and return status and code."""
        answer = await self.ask(method, path, **more)
        assert 400 <= answer.status_code < 500, answer.text
        problem = answer.json()
        assert problem["status"] == answer.status_code
        assert problem["detail"]
        assert "Traceback" not in answer.text
        return answer.status_code, problem["code"]

    async def learn(self) -> None:
        """Learn the ids of all accounts."""
        for account in (await self.done("GET", "accounts"))["items"]:
            self.ids[account["path"].rpartition(":")[2]] = account["id"]
            if account["role"]:
                self.ids[account["role"]] = account["id"]

    async def open(self, name: str, currency: str = "EUR", **more: Any) -> str:
        """Open an asset, or what ``kind`` says, and return its id."""
        body = {"name": name, "kind": "asset", "currency": currency} | more
        made = await self.done("POST", "accounts", json=body)
        self.ids[name] = made["id"]
        return str(made["id"])

    def legs(self, *legs: tuple[str, int] | tuple[str, int, str]) -> list[dict[str, Any]]:
        """Return postings of an account's name, minor units and perhaps a currency."""
        return [
            {"account": self.ids[name], "amount_minor": minor, "currency": (*more, "EUR")[0]}
            for name, minor, *more in legs
        ]

    async def record(
        self, day: str, *legs: tuple[str, int] | tuple[str, int, str], **said: Any
    ) -> dict[str, Any]:
        """Record a transaction and return it."""
        body = {"booked_on": day, "postings": self.legs(*legs)} | said
        made: dict[str, Any] = await self.done("POST", "transactions", json=body)
        return made

    async def list(self, **filters: Any) -> list[dict[str, Any]]:
        """Return all transactions that match, page by page."""
        found: list[dict[str, Any]] = []
        cursor: dict[str, str] = {}
        while True:
            page = await self.done("GET", "transactions", params=filters | cursor)
            found += page["items"]
            if page["next_cursor"] is None:
                return found
            cursor = {"cursor": page["next_cursor"]}

    async def balances(self, **on: str) -> dict[str, int]:
        """Return what accounts hold, by name; those that hold nothing are left out."""
        await self.learn()
        names = {key: name for name, key in self.ids.items()}
        return {
            names[row["account"]]: row["amount_minor"]
            for row in await self.done("GET", "balances", params=on)
            if row["amount_minor"]
        }


async def offences(address: DatabaseAddress) -> list[str]:
    """Return the codes of the invariants that do not hold, as the verifier sees it."""
    connection = await connect(address.reading_all, VERIFIER)
    try:
        return [
            invariant.code
            for invariant in EVERY_INVARIANT
            if await connection.fetch(invariant.offenders)
        ]
    finally:
        await connection.close()


async def dropped(
    books: Books, content: bytes, *, name: str = "bank.ofx", **form: str
) -> dict[str, Any]:
    """Drop a file that must be taken, and return what became of it."""
    answer = await books.ask(
        "POST", "imports", files={"file": (name, content)}, data=form, timeout=60
    )
    assert answer.status_code == 201, answer.text
    found: dict[str, Any] = answer.json()
    return found
