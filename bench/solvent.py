"""Solvent as anyone runs it: ``solvent serve`` on its embedded database, asked over HTTP.

It runs as in production: JSON logs, real durability, one web process. Only the limits on how often
one address may ask are lifted, for they would answer instead of the work.
"""

import asyncio
import base64
import json
import os
import secrets
import signal
import socket
import subprocess
import time
import uuid
from contextlib import suppress
from datetime import timedelta
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException
from pathlib import Path
from typing import Any

import asyncpg

from bench.household import ACCOUNTS, DAYS, FIRST_DAY, INCOME, PAYEES, SEARCH, Cells
from solvent.runtime.embedded.address import attach

REPOSITORY = Path(__file__).parents[1]
COMMAND = REPOSITORY / ".venv/bin/solvent"
EMAIL, PASSWORD = "measured@solvent.example", "four tall ladders and a floor"
MOVED_AT_ONCE = 1_000
MOVED_BETWEEN = ("Bench dining", "Bench leisure")
LAST_MONTH = FIRST_DAY + timedelta(DAYS - 1)
START_TIMEOUT_S = 120
JOBS_TIMEOUT_S = 300
STOP_TIMEOUT_S = 60
POLL_S = 0.01


class Solvent:
    """A running installation, and one person who is logged in."""

    def __init__(self, folder: Path) -> None:
        """Start an installation whose files are in ``folder``, and sign up."""
        self._folder = folder
        self._environment = _environment(folder)
        self.port = _free_port()
        self._token = ""
        self.start()
        household = {"name": "Bench", "base_currency": "EUR"}
        person = {"email": EMAIL, "password": PASSWORD, "name": "Bench", "household": household}
        try:
            self.send("POST", "/api/v1/auth/register", person)
            self.log_in()
        except BaseException:
            self.stop()
            raise

    @property
    def pid(self) -> int:
        """The process that owns all others: database, web and jobs."""
        return self._process.pid

    def start(self, path: str = "/health/readiness") -> bytes:
        """Start the command, wait until it answers ``path``, and return that answer."""
        with (self._folder / "output").open("ab") as output:
            self._process = subprocess.Popen(
                [COMMAND, "serve", "--data-dir", self._folder / "data", "--port", str(self.port)],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=self._environment,
                cwd="/",
            )
        self._connection = HTTPConnection("127.0.0.1", self.port, timeout=600)
        return self.wait(path)

    def wait(self, path: str) -> bytes:
        """Ask for ``path`` until it is answered, and return the answer."""
        end = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError, HTTPException, RuntimeError):
                return self.get(path)
            self._connection.close()
            time.sleep(POLL_S)
        said = (self._folder / "output").read_text(encoding="utf-8")[-2_000:]
        raise RuntimeError(f"solvent serve does not answer:\n{said}")

    def stop(self) -> None:
        """End it in order."""
        self._connection.close()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def jobs_waiting(self) -> int:
        """Return how many jobs are still to be done."""
        return asyncio.run(_waiting(self._folder / "data"))

    def wait_for_jobs(self) -> None:
        """Wait until every job is done."""
        end = time.monotonic() + JOBS_TIMEOUT_S
        while self.jobs_waiting():
            if time.monotonic() > end:
                raise RuntimeError("the jobs are not done")
            time.sleep(1)

    def hang_up(self) -> None:
        """Close the kept connection, which the server ends when idle; a request opens another."""
        self._connection.close()

    def log_in(self) -> None:
        """Take a new access token; the old one lives an hour."""
        pair = self.send("POST", "/api/v1/auth/login", {"email": EMAIL, "password": PASSWORD})
        self._token = pair["access_token"]

    def command(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another command of this installation."""
        return subprocess.run(
            [COMMAND, *arguments, "--data-dir", str(self._folder / "data")],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            env=self._environment,
            cwd="/",
            check=False,
        )

    def request(
        self, method: str, path: str, body: bytes | None, headers: dict[str, str]
    ) -> tuple[int, bytes, str]:
        """Send one request on the kept connection; return status, body and ETag."""
        if self._token:
            headers["authorization"] = f"Bearer {self._token}"
        self._connection.request(method, path, body, headers)
        answer = self._connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("etag") or ""

    def get(self, path: str) -> bytes:
        """Return the body of ``path``; anything but 200 is an error."""
        status, body, _ = self.request("GET", path, None, {})
        if status != HTTPStatus.OK:
            raise RuntimeError(f"GET {path}: {status} {body[:300]!r}")
        return body

    def send(self, method: str, path: str, document: object) -> Any:
        """Send ``document`` as JSON and return what is answered."""
        headers = {"content-type": "application/json"}
        status, body, _ = self.request(method, path, json.dumps(document).encode(), headers)
        if status not in {HTTPStatus.OK, HTTPStatus.CREATED}:
            raise RuntimeError(f"{method} {path}: {status} {body[:300]!r}")
        return json.loads(body)


class Books:
    """One household with its six accounts, as the API shows it."""

    def __init__(self, solvent: Solvent, name: str) -> None:
        """Make a household and open its accounts."""
        self._solvent = solvent
        made = solvent.send("POST", "/api/v1/households", {"name": name, "base_currency": "EUR"})
        self.id = made["id"]
        self.path = f"/api/v1/households/{self.id}"
        self.accounts = [
            solvent.send(
                "POST",
                f"{self.path}/accounts",
                {
                    "name": account.name,
                    "kind": account.kind,
                    "currency": account.currency,
                    "opening_balance_minor": account.opening_minor,
                    "opened_on": FIRST_DAY.isoformat(),
                },
            )["id"]
            for account in ACCOUNTS
        ]

    def take(self, files: list[bytes]) -> int:
        """Import one file for each account; return how many rows were added."""
        added = 0
        for account, content in zip(self.accounts, files, strict=True):
            answer = self.upload(account, content)
            added += sum(part["added"] for part in answer["accounts"])
        return added

    def upload(self, account: str, content: bytes) -> Any:
        """Import one file and return the answer."""
        mark = uuid.uuid4().hex
        body = (
            f'--{mark}\r\ncontent-disposition: form-data; name="account"\r\n\r\n{account}\r\n'
            f'--{mark}\r\ncontent-disposition: form-data; name="file"; filename="bank.csv"\r\n'
            f"content-type: text/csv\r\n\r\n"
        ).encode()
        headers = {"content-type": f"multipart/form-data; boundary={mark}"}
        whole = body + content + f"\r\n--{mark}--\r\n".encode()
        status, said, _ = self._solvent.request("POST", f"{self.path}/imports", whole, headers)
        if status != HTTPStatus.CREATED:
            raise RuntimeError(f"import: {status} {said[:500]!r}")
        return json.loads(said)

    def teach(self) -> None:
        """Make the payees known, each with its category, and leave no transaction behind."""
        lines = ["Date,Payee,Note,Amount,Currency,Balance,Reference"]
        held = 0
        for number, payee in enumerate(PAYEES):
            held -= 100
            cells = (f"2021-01-{number % 28 + 1:02d}", payee.name, "x", "-1.00", "EUR")
            lines.append(",".join((*cells, f"{held / 100:.2f}", f"t{number}")))
        answer = self.upload(self.accounts[0], ("\n".join(lines) + "\n").encode())
        categories = {
            name: self._solvent.send(
                "POST",
                f"{self.path}/accounts",
                {"name": name, "kind": "income" if name == INCOME else "expense"},
            )["id"]
            for name in dict.fromkeys(payee.category for payee in PAYEES)
        }
        by_name = {payee.name: categories[payee.category] for payee in PAYEES}
        known = json.loads(self._solvent.get(f"{self.path}/payees?limit=1000"))["items"]
        for payee in known:
            category = by_name[payee["name"]]
            self._solvent.send("PATCH", f"{self.path}/payees/{payee['id']}", {"category": category})
        self._solvent.send("POST", f"{self.path}/imports/{answer['id']}/undo", None)

    def ask(self, place: str) -> bytes:
        """Return the answer to a question about these books."""
        return self._solvent.get(f"{self.path}/{place}")

    def movable(self, count: int) -> list[tuple[str, list[str]]]:
        """Return two categories, each with the newest ``count`` transactions to be moved there."""
        listed = json.loads(self.ask(f"transactions?limit={count}"))["items"]
        accounts = json.loads(self.ask("accounts"))["items"]
        spent = [row["id"] for row in accounts if row["name"] in MOVED_BETWEEN]
        return [(category, [item["id"] for item in listed]) for category in spent]

    def move(self, category: str, transactions: list[str]) -> None:
        """Answer W7: move transactions to a category and read the spending of the newest month."""
        body = {"category": category, "transactions": transactions}
        self._solvent.send("POST", f"{self.path}/transactions/categorise", body)
        self.ask(f"{SPENDING}&from={LAST_MONTH}&to={LAST_MONTH}")

    def sums(self) -> dict[str, int]:
        """Return what each account's rows add up to: its balance less its opening."""
        held = {row["account"]: row["amount_minor"] for row in json.loads(self.ask("balances"))}
        return {
            account.name: held.get(key, 0) - account.opening_minor
            for account, key in zip(ACCOUNTS, self.accounts, strict=True)
        }

    def spending(self) -> Cells:
        """Answer W3, currencies added up as they are."""
        report = json.loads(self.ask(SPENDING))
        cells: Cells = {}
        for line in report["categories"]:
            for month, minor in zip(report["months"], line["amounts_minor"], strict=True):
                key = month, line["name"]
                cells[key] = cells.get(key, 0) + minor
        return {key: minor for key, minor in cells.items() if minor}

    def balances(self) -> Cells:
        """Answer W4."""
        return balances_in(self.ask(NET_WORTH))

    def found(self) -> list[str]:
        """Answer W5."""
        return [item["booked_on"] for item in json.loads(self.ask(SEARCHED))["items"]]


async def _waiting(data: Path) -> int:
    address = attach(data)
    if address is None:
        raise RuntimeError("the database does not run")
    connection = await asyncpg.connect(address.dsn("solvent_jobs"))
    waiting: int = await connection.fetchval(
        "select count(*) from solvent.job where status in ('queued', 'picked')"
    )
    await connection.close()
    return waiting


def balances_in(report: str | bytes) -> Cells:
    """Read the balances out of a report on the net worth."""
    read = json.loads(report)
    return {
        (month, line["name"]): minor
        for line in read["accounts"]
        for month, minor in zip(read["months"], line["balances_minor"], strict=True)
    }


SPENDING = "reports/spending?converted=false"
NET_WORTH = "reports/net-worth"
NEWEST = "transactions?limit=50"
SEARCHED = (
    f"transactions?payee={SEARCH.payee}&min_minor={SEARCH.min_minor}&max_minor={SEARCH.max_minor}"
    f"&from={SEARCH.first}&to={SEARCH.last}&limit={SEARCH.limit}"
)


def _environment(folder: Path) -> dict[str, str]:
    """Return the settings of an installation in production, and nothing of the caller's."""
    mine = {name: value for name, value in os.environ.items() if not name.startswith("SOLVENT_")}
    key = base64.urlsafe_b64encode(secrets.token_bytes(32)).decode().rstrip("=")
    often = "1000000/minute"
    rates = {f"SOLVENT_RATE_{name}": often for name in ("IP", "ACCOUNT", "LOGIN", "AUTH")}
    return (
        mine
        | rates
        | {
            "SOLVENT_ENV": "production",
            "SOLVENT_DATA_DIR": str(folder / "data"),
            "SOLVENT_PUBLIC_URL": "http://localhost",
            "SOLVENT_SECRET_KEYS": f"k1:{key}",
            "SOLVENT_FIELD_KEYS": f"k1:{key[::-1]}",
            "SOLVENT_SESSION_ACCESS_MINUTES": "60",
            "SOLVENT_MAIL_DRIVER": "file",
        }
    )


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])
