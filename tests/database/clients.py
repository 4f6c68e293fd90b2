"""People at their programs: a client of the application, and what somebody who logged in holds."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import httpx2

from solvent.runtime.door.outermost import Outermost

PASSWORD = "correct horse battery staple"


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody who has logged in, and the household that they own."""

    client: httpx2.AsyncClient
    person: UUID
    household: UUID
    headers: dict[str, str]
    refresh_token: str

    @property
    def home(self) -> str:
        """The address that the routes of their household begin with."""
        return f"/api/v1/households/{self.household}"

    async def get(self, path: str, **more: Any) -> httpx2.Response:
        """Ask as this person; ``path`` may begin with their household's address."""
        return await self.client.get(path, headers=self.headers | more.pop("headers", {}), **more)

    async def post(self, path: str, **more: Any) -> httpx2.Response:
        """Post as this person."""
        return await self.client.post(path, headers=self.headers | more.pop("headers", {}), **more)


@asynccontextmanager
async def opened_client(app: Outermost) -> AsyncGenerator[httpx2.AsyncClient, None]:
    """Open a client that reaches ``app`` as localhost."""
    transport = httpx2.ASGITransport(app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://localhost") as client:
        yield client


def newcomer(address: str, **changes: Any) -> dict[str, Any]:
    """Return the body of a registration."""
    body: dict[str, Any] = {
        "email": address,
        "password": PASSWORD,
        "name": "Alma Example",
        "household": {"name": "Home", "base_currency": "EUR"},
    }
    return body | changes


async def log_in(client: httpx2.AsyncClient, email: str, password: str = PASSWORD) -> Any:
    """Log in and return the answer."""
    return await client.post("/api/v1/auth/login", json={"email": email, "password": password})


async def registered(client: httpx2.AsyncClient, email: str) -> Member:
    """Register and log in, for real."""
    answer = await client.post("/api/v1/auth/register", json=newcomer(email))
    assert answer.status_code == 201, answer.text
    made = answer.json()
    answer = await log_in(client, email)
    assert answer.status_code == 200, answer.text
    pair = answer.json()
    return Member(
        client,
        UUID(made["person"]["id"]),
        UUID(made["household"]["id"]),
        {"authorization": f"Bearer {pair['access_token']}"},
        pair["refresh_token"],
    )


async def admitted(owner: Member, guest: Member, role: str, **grants: Any) -> None:
    """Make ``guest`` a member of the household of ``owner``."""
    body = {"role": role, "grants": grants}
    invited = await owner.post(f"{owner.home}/invitations", json=body)
    assert invited.status_code == 201, invited.text
    token = {"token": invited.json()["token"]}
    answer = await guest.post("/api/v1/invitations/accept", json=token)
    assert answer.status_code == 200, answer.text
