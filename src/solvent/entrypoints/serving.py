"""Serve an installation: database, schema, web processes, jobs; gone in order on SIGTERM.

This process owns the embedded server; the web processes and the jobs are its children and the
server's clients, and none of them outlives it. When the server dies the whole stops with an error,
to be started again by whoever watches it: nothing acknowledged is lost, for PostgreSQL replays its
log.
"""

import os
import signal
import socket
import threading
import time
from collections.abc import Generator
from contextlib import ExitStack, contextmanager
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException

from granian.constants import Interfaces, Loops
from granian.server import Server

from solvent.entrypoints.databases import embedded_address, external_address, run
from solvent.entrypoints.installation import data_dir_of, place_of
from solvent.entrypoints.served import make_app
from solvent.entrypoints.working import work_jobs
from solvent.kernel.errors import Refusal
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.embedded.supervisor import EmbeddedServer
from solvent.runtime.keeper import Keeper
from solvent.runtime.log import logger, server_logging
from solvent.runtime.settinggroups import Settings

FIRST_LOOK_S = 0.15
"""Web processes are forked meanwhile, which wants the other threads to be at rest."""
POLL_S = 0.02
WATCH_S = 1.0
READY_TIMEOUT_S = 120
DRAIN_S = 20
JOBS_DRAIN_S = 25
CONNECTIONS_AT_ONCE_MAX = 512
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, not bound

log = logger("serving")


class PortTaken(Refusal):
    """The port cannot be listened on."""

    code = "entrypoints.port_taken"

    def __init__(self, *, host: str, port: int, reason: str) -> None:
        """Name the port and the remedy."""
        super().__init__(
            f"Solvent cannot listen on {host}:{port}: {reason}. Stop what does, or choose another "
            "with --host and --port.",
            port=port,
        )


class DatabaseEnded(Refusal):
    """The embedded server ended by itself while it was needed."""

    code = "entrypoints.database_ended"

    def __init__(self) -> None:
        """Say that nothing is lost."""
        super().__init__(
            "The embedded PostgreSQL has ended by itself; its log is postgres.log in the data "
            "directory. Start again: what was saved is not lost."
        )


class Serving:
    """One installation while it is served."""

    def __init__(self, settings: Settings) -> None:
        """Serve by ``settings``; nothing is started yet."""
        self._settings = settings
        self._server: EmbeddedServer | None = None
        self._stopping = threading.Event()
        self._database_ended = False

    @contextmanager
    def database(self) -> Generator[DatabaseAddress]:
        """Lend the database by URL, or start the embedded one and own it for the block."""
        external = external_address(place_of(self._settings))
        if external is not None:
            yield external
            return
        with EmbeddedServer.start(data_dir_of(self._settings)) as server:
            self._server = server
            yield embedded_address(server.address)

    def run(self, address: DatabaseAddress, *, jobs: bool) -> None:
        """Run the web processes and the jobs until a signal ends them.

        Says once that they answer. Raises :class:`DatabaseEnded` when the server went first.
        """
        with ExitStack() as stack:
            if jobs:
                # Forked before there are threads, and stopped after the last request.
                keeper = Keeper.start(partial(_work, self._settings, address))
                stack.callback(keeper.stop, JOBS_DRAIN_S)
            for duty in (self._announce, self._watch):
                threading.Thread(target=duty, daemon=True).start()
            try:
                self._web(address)
            finally:
                self._stopping.set()
        if self._database_ended:
            raise DatabaseEnded

    def _web(self, address: DatabaseAddress) -> None:
        """Run the web processes; they are started again when they die."""
        http = self._settings.http
        server = Server(
            "solvent",
            address=http.host,
            port=http.port,
            interface=Interfaces.ASGI,
            workers=http.workers,
            loop=Loops.uvloop,
            backpressure=CONNECTIONS_AT_ONCE_MAX,
            workers_kill_timeout=DRAIN_S,
            respawn_failed_workers=True,
            log_dictconfig=server_logging(),
        )
        load = partial(make_app, self._settings, address, os.getpid())
        server.serve(target_loader=load, wrap_loader=False)

    def _announce(self) -> None:
        """Print the address once the application answers there."""
        http = self._settings.http
        host = "localhost" if http.host in EVERYWHERE else http.host
        end = time.monotonic() + READY_TIMEOUT_S
        self._stopping.wait(FIRST_LOOK_S)
        while time.monotonic() < end and not self._stopping.wait(POLL_S):
            if _answers(host, http.port):
                print(f"Solvent is ready at {self._settings.public_url}", flush=True)  # noqa: T201 - the contract
                return

    def _watch(self) -> None:
        """End this process when the embedded server ends by itself."""
        while not self._stopping.wait(WATCH_S):
            if self._server is not None and self._server.poll() is not None:
                log.error("database.ended", code=self._server.poll())
                self._database_ended = True
                os.kill(os.getpid(), signal.SIGTERM)
                return


def check_port(settings: Settings) -> None:
    """Refuse a port that is taken, before anything is started.

    The web processes share their port, so that they would share it with a stranger's as well.
    """
    host, port = settings.http.host, settings.http.port
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((host, port))
    except OSError as taken:
        reason = (taken.strerror or "it is taken").lower()
        raise PortTaken(host=host, port=port, reason=reason) from taken


def _work(settings: Settings, address: DatabaseAddress) -> None:
    """Work the queue in a process of its own."""
    run(work_jobs(settings, address))


def _answers(host: str, port: int) -> bool:
    """Tell whether the application says that it is ready."""
    connection = HTTPConnection(host, port, timeout=2)
    try:
        connection.request("GET", "/health/readiness")
        return connection.getresponse().status == HTTPStatus.OK
    except (OSError, HTTPException):
        return False
    finally:
        connection.close()
