"""The program as an operator runs it: real processes on an embedded server of their own."""

import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx2
import pytest

from solvent.entrypoints.demonstration.household import EMAIL, HOUSEHOLD, PASSWORD_FILE

SOLVENT = Path(sys.executable).parent / "solvent"
CARD = Path(__file__).parent.parent / "corpus" / "ofx" / "annacruz-ofx__creditcard.ofx"
UNCLEAR = "Date,Amount\n01/02/2026,10.00\n03/04/2026,-4.20\n"
PATIENCE_S = 60.0


@dataclass
class Installation:
    """A data directory, and the environment of everything that is run on it."""

    data: Path
    environ: dict[str, str] = field(default_factory=dict[str, str])

    def run(self, *arguments: str | Path, **more: Any) -> "subprocess.CompletedProcess[str]":
        """Run one command to its end."""
        return subprocess.run(
            [SOLVENT, *arguments],
            env=self.environ,
            cwd=self.data.parent,
            capture_output=True,
            text=True,
            timeout=PATIENCE_S,
            check=False,
            **more,
        )

    def told(self, *arguments: str | Path, code: int = 0) -> Any:
        """Run a command with --json and return its document."""
        done = self.run(*arguments, "--json")
        assert done.returncode == code, done.stderr
        assert "Traceback" not in done.stderr
        return json.loads(done.stdout)

    @contextmanager
    def serving(self, *arguments: str) -> Generator["Serving", None, None]:
        """Serve for the block, killing what is left at its end."""
        port = free_port()
        log = self.data.parent / f"serve-{port}.log"
        with (
            log.open("w") as errors,
            subprocess.Popen(
                [SOLVENT, "serve", "--port", str(port), *arguments],
                env=self.environ,
                cwd=self.data.parent,
                stdout=subprocess.PIPE,
                stderr=errors,
                text=True,
            ) as process,
        ):
            served = Serving(process, f"http://localhost:{port}", log)
            try:
                served.wait_until_ready()
                yield served
            finally:
                process.kill()


@dataclass
class Serving:
    """A running ``solvent serve``."""

    process: "subprocess.Popen[str]"
    url: str
    log: Path
    said: list[str] = field(default_factory=list[str])

    def wait_until_ready(self) -> None:
        """Read what it says until it says that it is ready."""
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.said.append(line.rstrip("\n"))
            if line == f"Solvent is ready at {self.url}\n":
                return
        raise AssertionError(self.log.read_text())

    def stop(self) -> int:
        """Ask it to stop, and return its exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(PATIENCE_S)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder() -> Generator[Path, None, None]:
    made = Path(tempfile.mkdtemp(prefix="solvent-cli-", dir="/tmp")).resolve()
    made.chmod(0o711)
    yield made
    shutil.rmtree(made)


def installed(data: Path) -> Installation:
    plain = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    ours = {
        "SOLVENT_ENV": "test",
        "SOLVENT_DATA_DIR": str(data),
        "SOLVENT_BCRYPT_COST": "4",
    }
    return Installation(data, plain | ours)


@pytest.fixture(scope="module")
def home(folder: Path) -> Installation:
    """An installation with the demonstration household, at rest."""
    made = installed(folder / "home")
    first = made.told("demo")
    assert first["email"] == EMAIL
    assert first["made"] is True
    return made


@pytest.fixture(scope="module")
def household(home: Installation) -> str:
    """The id of the demonstration household; other tests make others beside it."""
    listed = home.told("household", "list")["households"]
    (demonstration,) = [one for one in listed if one["name"] == HOUSEHOLD]
    return str(demonstration["id"])


def test_the_demonstration_is_made_once_and_its_password_told_once(home: Installation) -> None:
    kept = home.data / PASSWORD_FILE
    assert kept.stat().st_mode & 0o777 == 0o600
    again = home.told("demo")
    assert (again["made"], again["password"]) == (False, None)
    assert again["password_file"] == str(kept)


def test_the_books_are_verified_and_what_is_wrong_is_shown(home: Installation) -> None:
    document = home.told("verify")
    assert (document["holds"], document["findings"]) == (True, [])
    assert document["invariants"] > 10


def test_balances_come_on_a_day_and_by_month(home: Installation, household: str) -> None:
    on_day = home.told("balances", "--household", household)
    by_name = home.told("balances", "--household", "Ada and Ben")
    assert on_day == by_name
    assert {"account", "name", "kind", "currency", "amount_minor"} == set(on_day[0])
    months = home.told("balances", "--household", household, "--by-month")
    assert len(months["accounts"]) >= 6
    assert {len(account["balances_minor"]) for account in months["accounts"]} == {
        len(months["months"])
    }
    last = {account["account"]: account["balances_minor"][-1] for account in months["accounts"]}
    assert last == {row["account"]: row["amount_minor"] for row in on_day if row["account"] in last}


def test_importing_adds_once_and_a_dry_run_adds_nothing(
    home: Installation, household: str, folder: Path
) -> None:
    def added(*more: str) -> int:
        (outcome,) = home.told("import", CARD, "--household", household, *more)["imports"]
        assert outcome["error"] is None
        return sum(account["added"] for account in outcome["accounts"])

    rows = added("--dry-run")
    assert rows > 0
    assert added() == rows
    assert added() == 0
    unclear = folder / "unclear.csv"
    unclear.write_text(UNCLEAR)
    document = home.told("import", unclear, "nowhere.ofx", "--household", household, code=1)
    codes = [outcome["error"]["code"] for outcome in document["imports"]]
    assert codes == ["intake.needs_answer", "bad_value"]


def test_refusals_are_a_line_for_a_person_and_a_code_for_a_program(
    home: Installation, folder: Path
) -> None:
    done = home.run("balances", "--household", "Nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "solvent: There is no such household here.\n"
    document = home.told("balances", "--household", "Nobody", code=1)
    assert document == {
        "error": {"code": "not_found", "message": "There is no such household here."}
    }
    empty = folder / "empty"
    document = home.told("verify", "--data-dir", empty, code=1)
    assert document["error"]["code"] == "entrypoints.no_books"
    assert not empty.exists()
    assert home.run("balances").returncode == 2


def test_a_database_that_is_not_ours_or_not_there_is_refused(home: Installation) -> None:
    for url, code in (
        (f"postgresql:///nowhere?host={home.data}", "runtime.database_unavailable"),
        ("mysql://somebody@somewhere/books", "runtime.nowhere"),
    ):
        elsewhere = Installation(home.data, home.environ | {"SOLVENT_DATABASE_URL": url})
        assert elsewhere.told("verify", code=1)["error"]["code"] == code


def test_serving_says_everything_that_is_wrong_with_the_settings(folder: Path) -> None:
    guarded = installed(folder / "guarded")
    guarded.environ |= {"SOLVENT_ENV": "production", "SOLVENT_HTTP_PORT": "no number"}
    done = guarded.run("serve", "--workers", "2")
    assert done.returncode == 1
    assert all(line.startswith("solvent: ") for line in done.stderr.splitlines())
    for setting in ("PORT", "SECRET_KEYS", "FIELD_KEYS", "REDIS_URL", "BCRYPT_COST"):
        assert setting in done.stderr, setting
    checked = guarded.told("settings", "check", code=1)
    assert {finding["setting"] for finding in checked["findings"]} >= {
        "SOLVENT_HTTP_PORT",
        "SOLVENT_SECRET_KEYS",
    }
    assert not guarded.data.exists()


def test_made_keys_are_keys_that_settings_take(folder: Path) -> None:
    guarded = installed(folder / "keys")
    guarded.environ |= {"SOLVENT_ENV": "production", "SOLVENT_BCRYPT_COST": "12"}
    made = guarded.told("secrets", "generate")
    guarded.environ |= made
    assert guarded.told("settings", "check") == {"findings": []}
    assert "SOLVENT_DATABASE_URL" in guarded.run("settings", "reference").stdout


def test_a_person_made_on_the_command_line_can_log_in_and_import_in_the_background(
    home: Installation,
) -> None:
    made = home.told("person", "create", "--email", "alma@example.org", "--name", "Alma")
    person = made["person"]["id"]
    for way, operates in (("--grant", True), ("--revoke", False)):
        done = home.told("person", "operator", "alma@example.org", way)
        assert done == {"person": person, "operator": operates}
    assert home.run("person", "operator", "nobody@example.org", "--grant").returncode == 1
    with home.serving() as served:
        second = home.run("serve", "--port", str(free_port()))
        assert (second.returncode, second.stdout) == (1, "")
        assert "in use by process" in second.stderr
        same_port = home.run("serve", "--port", served.url.rpartition(":")[2])
        assert "cannot listen" in same_port.stderr
        with httpx2.Client(base_url=served.url) as client:
            token = client.post(
                "/api/v1/auth/login",
                json={"email": "alma@example.org", "password": made["password"]},
            ).json()["access_token"]
            client.headers["authorization"] = f"Bearer {token}"
            imports = f"/api/v1/households/{made['household']['id']}/imports"
            preview = client.post(
                imports, files={"file": (CARD.name, CARD.read_bytes())}, data={"commit": "false"}
            ).json()
            queued = client.post(f"{imports}/{preview['id']}/commit?background=true")
            assert (queued.status_code, queued.json()["state"]) == (202, "waiting")
            shown = client.get(f"{imports}/{preview['id']}").json()
            end = time.monotonic() + PATIENCE_S
            while shown["state"] != "committed" and time.monotonic() < end:
                time.sleep(0.1)
                shown = client.get(f"{imports}/{preview['id']}").json()
            assert shown["state"] == "committed"
        # Attached to the running server, and proved while it serves.
        assert home.told("verify")["holds"] is True
        assert home.told("jobs", "list") == {"failed": []}
        assert served.stop() == 0
    assert home.told("verify")["holds"] is True


def test_everything_killed_at_once_starts_again_at_once(home: Installation) -> None:
    with home.serving("--no-jobs") as served:
        os.kill(served.process.pid, signal.SIGKILL)
    with home.serving() as served:
        assert httpx2.get(f"{served.url}/health/readiness").status_code == 200
        assert home.told("verify")["holds"] is True
        assert served.stop() == 0


def test_serving_ends_with_an_error_when_its_database_does(home: Installation) -> None:
    with home.serving() as served:
        postmaster = (home.data / "pgdata" / "postmaster.pid").read_text().split("\n", 1)[0]
        os.kill(int(postmaster), signal.SIGKILL)
        assert served.process.wait(PATIENCE_S) == 1
        assert "PostgreSQL has ended by itself" in served.log.read_text()
    assert home.told("verify")["holds"] is True


def test_a_worker_beside_the_server_stops_in_order(home: Installation) -> None:
    with home.serving("--no-jobs") as served, ExitStack() as stack:
        worker = stack.enter_context(
            subprocess.Popen(
                [SOLVENT, "worker"], env=home.environ, stderr=subprocess.PIPE, text=True
            )
        )
        stack.callback(worker.kill)
        assert worker.stderr is not None
        assert any("queue.opened" in line for line in worker.stderr)
        worker.send_signal(signal.SIGTERM)
        assert worker.wait(PATIENCE_S) == 0
        assert served.stop() == 0


def test_a_question_to_the_database_is_asked_without_the_heavy_libraries(
    home: Installation, household: str
) -> None:
    check = (
        "import sys; from solvent.entrypoints.cli.main import app; "
        f"app(['balances', '--household', {household!r}, '--by-month', '--json']); "
        "heavy = {'fastapi', 'pydantic', 'alembic', 'cryptography', 'granian', 'pgqueuer', 'rich'}; "
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules))))"
    )
    done = subprocess.run(
        [sys.executable, "-c", check],
        env=home.environ,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stderr == ""
    assert re.match(r'\{"months":\["\d{4}-\d\d"', done.stdout)
