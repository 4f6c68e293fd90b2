"""An installation as an operator would run it: production, HTTPS, logins of their own, a password on each."""

import asyncio
import signal
import ssl
import subprocess
import sys
import threading
import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import quote

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
)
from cryptography.x509.oid import NameOID

from solvent.readiness.probes.config import production
from solvent.runtime.ids import new_token
from tests.database.servers import Server
from tests.served import READY, READY_TIMEOUT_S, STOP_TIMEOUT_S, free_port, without_settings

PROGRAM = (sys.executable, "-m", "solvent.entrypoints.cli.main")
POLL_S = 0.1
HEAD_BYTES_MAX = 64 * 1024
GRANTED = {
    "certified_owner": "solvent_owner, solvent_app, solvent_jobs, solvent_verifier",
    "certified_web": "solvent_app",
}


@dataclass(frozen=True)
class Installation:
    """A served installation: its environment, and how its commands are run."""

    environ: dict[str, str]
    folder: Path

    def run(self, *arguments: str, timeout_s: int = 400) -> "subprocess.CompletedProcess[str]":
        """Run a command of the program with the installation's environment."""
        return subprocess.run(
            [*PROGRAM, *arguments],
            env=self.environ,
            capture_output=True,
            text=True,
            timeout=timeout_s,
            check=False,
        )


@contextmanager
def installed(server: Server, database: str, folder: Path) -> Generator[Installation, None, None]:
    """Serve ``database`` in production behind HTTPS, and stop it afterwards."""
    port, outside = free_port(), free_port()
    certificate = _certificate(folder)
    passwords = {name: new_token() for name in GRANTED}
    asyncio.run(server.run(*_logins(passwords)))
    urls = {name: _login(server.admin(database), name, text) for name, text in passwords.items()}
    environ = without_settings() | production(
        SOLVENT_DATA_DIR=str(folder / "data"),
        SOLVENT_PUBLIC_URL=f"https://localhost:{outside}",
        SOLVENT_HTTP_PORT=str(port),
        SOLVENT_DATABASE_URL=urls["certified_web"],
        SOLVENT_DB_OWNER_URL=urls["certified_owner"],
        SOLVENT_DB_LISTEN_URL=urls["certified_owner"],
        SOLVENT_HTTP_ALLOWED_ORIGINS="https://books.example",
        SOLVENT_RATE_ACCOUNT="300/minute",  # reached soon, as the next is over soon
        SOLVENT_RATE_AUTH="5/30seconds",
        SSL_CERT_FILE=str(certificate),
    )
    with _tls(certificate, outside, port), _serving(environ, folder / "output"):
        yield Installation(environ, folder)


def _logins(passwords: dict[str, str]) -> list[str]:
    """Return what gives the installation logins of its own."""
    made: list[str] = []
    for name, roles in GRANTED.items():
        exists = f"select from pg_roles where rolname = '{name}'"
        made.append(
            f"do $$ begin if not exists ({exists}) then create role {name} login; end if; end $$"
        )
        made.append(f"alter role {name} password '{passwords[name]}'")
        made.append(f"grant {roles} to {name}")
    return made


def _login(admin: str, name: str, password: str) -> str:
    """Return the address ``admin`` for another login with its password."""
    place = admin.replace("user=postgres", f"user={name}")
    return place.replace("postgresql:///", f"postgresql://{name}:{quote(password)}@/")


@contextmanager
def _serving(environ: dict[str, str], output: Path) -> Generator[None, None, None]:
    """Run ``solvent serve`` until the end of the block."""
    with output.open("wb") as log:
        process = subprocess.Popen([*PROGRAM, "serve"], env=environ, stdout=log, stderr=log)
    end = time.monotonic() + READY_TIMEOUT_S
    try:
        while READY not in output.read_text():
            if process.poll() is not None or time.monotonic() > end:
                raise AssertionError("it does not serve:\n" + output.read_text()[-4000:])
            time.sleep(POLL_S)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(STOP_TIMEOUT_S)


def _certificate(folder: Path) -> Path:
    """Make a certificate for localhost, with its key in the same file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName(
                [x509.DNSName("localhost"), x509.IPAddress(ip_address("127.0.0.1"))]
            ),
            critical=False,
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "certificate.pem"
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    path.touch(0o600)
    path.write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return path


@contextmanager
def _tls(certificate: Path, port: int, inside: int) -> Generator[None, None, None]:
    """End HTTPS at ``port`` and pass on to ``inside``, saying that it was HTTPS."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    loop, started = asyncio.new_event_loop(), threading.Event()

    async def serve() -> None:
        server = await asyncio.start_server(_passing(inside), "127.0.0.1", port, ssl=context)
        started.set()
        async with server:
            await stopping.wait()

    stopping = asyncio.Event()
    thread = threading.Thread(target=_run, args=(loop, serve), daemon=True)
    thread.start()
    assert started.wait(10)
    try:
        yield
    finally:
        loop.call_soon_threadsafe(stopping.set)
        thread.join(10)


def _run(loop: asyncio.AbstractEventLoop, work: Callable[[], Coroutine[None, None, None]]) -> None:
    asyncio.set_event_loop(loop)
    loop.run_until_complete(work())
    loop.close()


def _passing(
    inside: int,
) -> Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[None, None, None]]:
    """Return what passes one connection, with one request, on to ``inside``."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            async with _connected(inside) as (back, forth):
                first, _, rest = head.partition(b"\r\n")
                kept = [line for line in rest.split(b"\r\n") if not _is_hop(line)]
                said = [first, b"X-Forwarded-Proto: https", b"Connection: close", *kept]
                forth.write(b"\r\n".join(said))
                upward = asyncio.create_task(_pump(reader, forth))
                await _pump(back, writer)
                upward.cancel()
        except (OSError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    return serve


def _is_hop(line: bytes) -> bool:
    return line.lower().startswith((b"connection:", b"x-forwarded-proto:"))


@asynccontextmanager
async def _connected(
    port: int,
) -> AsyncGenerator[tuple[asyncio.StreamReader, asyncio.StreamWriter], None]:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def _pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
    """Copy until the source ends."""
    try:
        while data := await source.read(HEAD_BYTES_MAX):
            sink.write(data)
            await sink.drain()
    except OSError:
        return
