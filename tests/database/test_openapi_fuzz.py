"""Every operation of the API, asked with what its document allows and with what it does not.

Somebody who has logged in sends generated requests to each operation of a Solvent that really serves;
what comes back must be what the document says: no server error, no undocumented status, no other
content type, no other shape.
"""

from collections.abc import Generator
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

import httpx2
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.failures import FailureGroup
from schemathesis.generation.modes import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.database.clients import newcomer
from tests.served import Served, folder_to_serve

EXAMPLES = 20
OPERATIONS_MIN = 30
STRANGERS_MAX = 8
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
STATEMENT = b"Date,Payee,Memo,Amount\n2026-02-14,Shop,Bread,-1.00\n2026-02-15,Shop,Milk,-2.00\n"


@dataclass(slots=True)
class Home:
    """Somebody's household, with one thing of each kind that addresses name."""

    url: str
    session: requests.Session
    log_in: dict[str, str] = field(default_factory=dict)
    ids: dict[str, str] = field(default_factory=dict)
    people: int = 0

    def is_open(self) -> bool:
        """Tell whether there is somebody who is logged in and whose household is there."""
        household = self.ids.get("household")
        if household is None:
            return False
        accounts = f"{self.url}/api/v1/households/{household}/accounts"
        return self.session.get(accounts, headers=self.log_in).status_code == HTTPStatus.OK

    def furnish(self) -> None:
        """Sign somebody up, log in, and make what addresses can name."""
        self.people += 1
        with httpx2.Client(base_url=self.url, timeout=30) as client:
            person = newcomer(f"alma{self.people}@example.org")
            made = client.post("/api/v1/auth/register", json=person).json()
            pair = client.post("/api/v1/auth/login", json=person).json()
            self.log_in = {"Authorization": f"Bearer {pair['access_token']}"}
            client.headers.update(self.log_in)
            self.ids = {"household": made["household"]["id"], "person": made["person"]["id"]}
            self.ids |= furnished(client, f"/api/v1/households/{self.ids['household']}")


@pytest.fixture(scope="module")
def home() -> Generator[Home, None, None]:
    with folder_to_serve() as folder:
        solvent = Served(folder)
        try:
            solvent.start()
            with requests.Session() as session:
                yield Home(solvent.url, session)
            assert solvent.stop() == 0, solvent.tail()
        finally:
            solvent.kill()


def furnished(client: httpx2.Client, household: str) -> dict[str, str]:
    """Make one thing of each kind in a household; return what each is called."""
    account = {"name": "Purse", "kind": "asset", "currency": "EUR"}
    kept = {"account": client.post(f"{household}/accounts", json=account).json()["id"]}
    invitation = client.post(f"{household}/invitations", json={"role": "viewer"})
    kept["invitation"] = invitation.json()["id"]
    files = {"file": ("first.csv", STATEMENT)}
    told = {"account": kept["account"]}
    imported = client.post(f"{household}/imports", files=files, data=told)
    assert imported.status_code == HTTPStatus.CREATED, imported.text
    kept["source"] = imported.json()["id"]
    item = client.get(f"{household}/transactions").json()["items"][0]
    return kept | {"transaction": item["id"], "payee": item["payee"]["id"]}


@pytest.mark.timeout(600)
def test_every_operation_answers_as_its_document_says(home: Home) -> None:
    document = schemathesis.openapi.from_url(f"{home.url}/api/openapi.json")
    wrong: list[str] = []
    asked = 0
    strangers: list[str] = []
    for found in document.get_all_operations():
        operation = found.ok()  # type: ignore[union-attr]  # what cannot be read raises here
        asked += 1
        # An operation may have ended the session, closed the account or left the household.
        if not home.is_open():
            home.furnish()
        try:
            if not fuzz(home, operation) - {401, 404}:
                strangers.append(operation.label)
        except (Exception, FailureGroup) as failure:  # noqa: BLE001 - each operation is judged, whatever it does
            wrong.append(f"{operation.label}: {told(failure)}")
    assert not wrong, "\n\n".join(wrong)
    assert asked > OPERATIONS_MIN
    assert len(strangers) < STRANGERS_MAX, f"requests did not get as far as {strangers}"


def fuzz(home: Home, operation: Any) -> set[int]:
    """Send generated requests to one operation, fitting ones and others; return what it answered."""
    statuses: set[int] = set()
    # A log-out that succeeded would leave nothing to ask with.
    headers = None if "/auth/" in operation.path else home.log_in
    modes = [GenerationMode.POSITIVE]
    if operation.body or operation.query:
        modes.append(GenerationMode.NEGATIVE)
    for mode in modes:
        # Sound requests first are to reach what is there; every fourth goes astray.
        strategy = st.tuples(operation.as_strategy(generation_mode=mode), st.integers(0, 3))

        @settings(
            max_examples=EXAMPLES // len(modes),
            deadline=None,
            database=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        @given(strategy)
        def send(drawn: tuple[Any, int]) -> None:
            case, turn = drawn
            if turn:
                known = {
                    name: home.ids[name] for name in case.path_parameters or () if name in home.ids
                }
                case.path_parameters = dict(case.path_parameters or {}) | known
            answer = case.call(base_url=home.url, session=home.session, headers=headers)
            statuses.add(answer.status_code)
            case.validate_response(answer, checks=CHECKS)

        send()
    return statuses


def told(failure: BaseException) -> str:
    """Return what is wrong, with the failures that a group holds."""
    inner = getattr(failure, "exceptions", (failure,))
    return " | ".join(f"{type(each).__name__}: {str(each)[:700]}" for each in inner)
