"""The books of a disposable household, as probes need them: two accounts and a transaction."""

from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from solvent.kernel.probe import Answer, Bench, Someone, Unproved
from solvent.runtime.ids import new_token

DAY = "2026-01-15"


@dataclass(frozen=True, slots=True)
class Books:
    """An asset account and a category in somebody's household."""

    who: Someone
    cash: str
    food: str

    def transaction(self, minor: Any = -1050, **changes: object) -> dict[str, object]:
        """Return the body of a transaction that takes ``minor`` units from cash to food."""
        other = -minor if isinstance(minor, int) else minor
        return {
            "booked_on": DAY,
            "payee": "Corner shop",
            "postings": [
                {"account": self.cash, "amount_minor": minor, "currency": "EUR"},
                {"account": self.food, "amount_minor": other, "currency": "EUR"},
            ],
        } | changes

    async def post(self, bench: Bench, body: object) -> Answer:
        """Post a transaction."""
        path = f"{self.who.home}/transactions"
        return await bench.send("POST", path, by=self.who, json=body)


async def opened(bench: Bench, who: Someone) -> Books:
    """Open two accounts for ``who``, called as nothing else is."""
    made: list[str] = []
    for kind in ("asset", "expense"):
        name = f"{kind} {new_token()[:8]}"
        body = {"name": name, "kind": kind, "currency": "EUR"}
        answer = await bench.send("POST", f"{who.home}/accounts", by=who, json=body)
        if answer.status != HTTPStatus.CREATED:
            raise Unproved(f"An account could not be opened: {answer.status} {answer.code}.")
        made.append(str(answer.at("id")))
    return Books(who, *made)
