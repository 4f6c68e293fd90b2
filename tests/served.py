"""A Solvent that really serves: the command in a process group of its own, in a folder of its own."""

import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

from solvent.entrypoints.demonstration.household import EMAIL, PASSWORD_FILE

REPOSITORY = Path(__file__).parents[1]
SOLVENT = REPOSITORY / ".venv/bin/solvent"
READY = "Solvent is ready at "
READY_TIMEOUT_S = 90
STOP_TIMEOUT_S = 40
POLL_S = 0.05
ENVIRONMENT = {
    "SOLVENT_ENV": "test",
    "SOLVENT_BCRYPT_COST": "4",
    "SOLVENT_RATE_AUTH": "1000/minute",
    "SOLVENT_RATE_LOGIN": "1000/minute",
    "SOLVENT_RATE_IP": "100000/minute",
    "SOLVENT_RATE_ACCOUNT": "100000/minute",
}


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@dataclass
class Served:
    """`solvent serve` in ``folder``; started, killed and started again by tests."""

    folder: Path
    demo: bool = False
    settings: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    process: "subprocess.Popen[bytes] | None" = None

    @property
    def url(self) -> str:
        """The address that it answers at."""
        return f"http://localhost:{self.port}"

    @property
    def data(self) -> Path:
        """Its data directory."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """Where its output goes."""
        return self.folder / "output"

    def start(self) -> None:
        """Start it and wait until it says that it is ready."""
        said = self.log.stat().st_size if self.log.exists() else 0
        arguments = [str(SOLVENT), "serve", "--data-dir", str(self.data), "--port", str(self.port)]
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                [*arguments, *(["--demo"] if self.demo else [])],
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                env=without_settings() | ENVIRONMENT | self.settings,
                start_new_session=True,
            )
        end = time.monotonic() + READY_TIMEOUT_S
        while READY not in self.log.read_bytes()[said:].decode():
            ended = self.process.poll() is not None
            if ended or time.monotonic() > end:
                raise AssertionError("`solvent serve` did not get ready:\n" + self.tail())
            time.sleep(POLL_S)

    def stop(self) -> int:
        """End it in order and return its exit code."""
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(STOP_TIMEOUT_S)

    def kill(self) -> None:
        """Kill whatever is left of its process group, and wait for it."""
        if self.process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(STOP_TIMEOUT_S)

    def tail(self) -> str:
        """Return the end of what it said."""
        return self.log.read_text(errors="replace")[-4000:]

    def demonstration(self) -> tuple[str, str]:
        """Return who the demonstration household belongs to, and the password."""
        return EMAIL, (self.data / PASSWORD_FILE).read_text()


@contextmanager
def folder_to_serve() -> Generator[Path, None, None]:
    """Lend a folder that the database's own user can enter, and remove it afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="solvent-served-", dir="/tmp")).resolve()
    folder.chmod(0o711)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def without_settings() -> dict[str, str]:
    """Return this process's environment without any setting of ours."""
    return {name: value for name, value in os.environ.items() if not name.startswith("SOLVENT_")}
