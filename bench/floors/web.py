"""Floor of a request: the bare routes under granian, one worker, in processes of their own."""

import json
import os
import socket
import subprocess
import time
from contextlib import suppress
from http import HTTPStatus
from http.client import HTTPConnection
from pathlib import Path

REPOSITORY = Path(__file__).parents[2]
START_TIMEOUT_S = 60
POLL_S = 0.02


class BareWeb:
    """The running routes, asked on one kept connection."""

    def __init__(self, dsn: str) -> None:
        """Serve the books of the PostgreSQL at ``dsn``."""
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            port = int(listener.getsockname()[1])
        command = [".venv/bin/granian", "--interface", "asgi", "--loop", "uvloop", "--no-ws"]
        self._process = subprocess.Popen(
            [*command, "--port", str(port), "--log-level", "error", "bench.floors.webapp:app"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            env=dict(os.environ) | {"BENCH_FLOOR_DSN": dsn},
            cwd=REPOSITORY,
        )
        self.pid = self._process.pid
        self._connection = HTTPConnection("127.0.0.1", port, timeout=60)
        self._wait()

    def close(self) -> None:
        """Stop the routes."""
        self._connection.close()
        self._process.terminate()
        self._process.wait(60)

    def hang_up(self) -> None:
        """Close the kept connection, which the server ends when idle; a request opens another."""
        self._connection.close()

    def get(self, path: str) -> bytes:
        """Return the body of ``path``."""
        self._connection.request("GET", path)
        answer = self._connection.getresponse()
        body = answer.read()
        if answer.status != HTTPStatus.OK:
            raise RuntimeError(f"GET {path} of the floor: {answer.status}")
        return body

    def newest_amounts(self) -> list[int]:
        """Return the amounts of the newest 50 rows."""
        self.hang_up()
        return [row["amount"] for row in json.loads(self.get("/newest"))]

    def _wait(self) -> None:
        end = time.monotonic() + START_TIMEOUT_S
        while time.monotonic() < end and self._process.poll() is None:
            with suppress(OSError):
                self.get("/newest")
                return
            self._connection.close()
            time.sleep(POLL_S)
        raise RuntimeError("the bare routes do not answer")
