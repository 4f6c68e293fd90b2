"""Disposable people: registered over HTTP like anybody, and gone when the run ends.

Their addresses stand under a domain that nobody can own (RFC 2606), so that what an interrupted run
left behind is recognised and removed by the next one. Real people are never asked for or touched.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2

from solvent.kernel.probe import Someone, Unproved
from solvent.runtime.door.passes import HEADER as PASS_HEADER
from solvent.runtime.ids import new_id, new_token

DOMAIN = "certify.invalid"
"""The domain of every disposable address; nobody can own it."""


@dataclass(slots=True)
class People:
    """The disposable people of one run, on the installation that ``client`` reaches."""

    client: httpx2.AsyncClient
    pass_: Callable[[], str] = lambda: ""
    made: list[Someone] = field(default_factory=list[Someone])
    _shared: Someone | None = None
    _hidden: list[str] = field(default_factory=list[str])
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)

    async def shared(self) -> Someone:
        """Return the person that probes share, made when first asked for."""
        async with self._turn:
            if self._shared is None:
                self._shared = await self.newcomer()
            return self._shared

    async def newcomer(self, chosen: str = "") -> Someone:
        """Register somebody with a household of their own, and log them in."""
        email, password = f"{new_id().hex}@{DOMAIN}", chosen or new_token()
        self.hide(email, password)
        registered = await self._post(
            "register",
            {
                "email": email,
                "password": password,
                "name": "Disposable Person",
                "household": {"name": "Disposable", "base_currency": "EUR"},
            },
            HTTPStatus.CREATED,
        )
        pair = await self._post("login", {"email": email, "password": password}, HTTPStatus.OK)
        someone = Someone(
            email,
            password,
            registered["person"]["id"],
            registered["household"]["id"],
            pair["access_token"],
            pair["refresh_token"],
        )
        self.hide(someone.access_token, someone.refresh_token)
        self.made.append(someone)
        return someone

    def hide(self, *secrets: str) -> None:
        """Take ``secrets`` out of all evidence from now on."""
        self._hidden.extend(secrets)

    def hidden_in(self, text: str) -> str:
        """Return ``text`` without anything that is to be hidden."""
        for secret in self._hidden:
            text = text.replace(secret, "***")
        return text

    async def _post(self, route: str, body: dict[str, object], wanted: HTTPStatus) -> Any:
        """Post to a route of authentication and return what it answers."""
        try:
            answer = await self.client.post(
                f"/api/v1/auth/{route}", json=body, headers={PASS_HEADER: self.pass_()}
            )
        except httpx2.HTTPError as gone:
            raise Unproved(f"Nobody could be made: {type(gone).__name__}.") from gone
        self.client.cookies.clear()
        if answer.status_code != wanted:
            raise Unproved(
                f"A disposable person could not {route}: {answer.status_code} {answer.text[:200]}"
            )
        return answer.json()
