"""Hashing: every byte counts, however it was composed, and nobody's password takes as long."""

import asyncio
import hashlib
import time
from collections.abc import Generator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest

from solvent.runtime.breaches import Breaches
from solvent.runtime.passwords import WAITING_MAX, PasswordHash, Passwords, TooBusy
from solvent.runtime.passwordscheme import PasswordScheme
from tests.served import free_port


async def test_the_password_fits_its_hash_and_another_does_not() -> None:
    made = await Passwords(4).hash("a good password")
    assert await Passwords(4).match("a good password", made)
    assert not await Passwords(4).match("a good passworD", made)
    assert not await Passwords(4).match("a good password", None)


async def test_two_hashes_of_one_password_differ() -> None:
    its = Passwords(4)
    assert await its.hash("a good password") != await its.hash("a good password")


async def test_what_stands_behind_a_nul_or_the_72nd_byte_counts() -> None:
    its = Passwords(4)
    assert not await its.match("x" * 100 + "b", await its.hash("x" * 100 + "a"))
    assert not await its.match("a\0b", await its.hash("a\0c"))


async def test_a_password_is_the_same_on_every_keyboard() -> None:
    its = Passwords(4)
    assert await its.match("Zo\u00eb's password", await its.hash("Zoe\u0308's password"))


async def test_a_hash_of_another_cost_is_outdated() -> None:
    made = await Passwords(4).hash("a good password")
    assert not Passwords(4).is_outdated(made)
    assert Passwords(5).is_outdated(made)


async def test_checking_nobodys_password_takes_as_long() -> None:
    its = Passwords(9)
    made = await its.hash("a good password")

    async def quickest(known: PasswordHash | None) -> float:
        times: list[float] = []
        for _ in range(5):
            began = time.perf_counter()
            await its.match("a bad password", known)
            times.append(time.perf_counter() - began)
        return min(times)

    assert await quickest(None) > await quickest(made) / 3


async def test_the_queue_has_an_end() -> None:
    its = Passwords(4)
    waiting = [asyncio.create_task(its.hash("a good password")) for _ in range(WAITING_MAX)]
    await asyncio.sleep(0)
    with pytest.raises(TooBusy):
        await its.hash("one too many")
    await asyncio.gather(*waiting)
    assert await its.hash("a good password")


async def test_either_scheme_reads_the_other_and_makes_it_anew() -> None:
    bcrypt, argon2id = Passwords(4), Passwords(4, PasswordScheme.ARGON2ID)
    older, newer = await bcrypt.hash("a good password"), await argon2id.hash("a good password")
    assert newer.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    for its, own, other in ((bcrypt, older, newer), (argon2id, newer, older)):
        assert await its.match("a good password", other)
        assert not await its.match("a bad password", other)
        assert not await its.match("a bad password", None)
        assert its.is_outdated(other)
        assert not its.is_outdated(own)


@contextmanager
def breached(password: str, asked: list[str]) -> Generator[str, None, None]:
    """Run a service that knows one password, and pads its answer."""
    digest = hashlib.sha1(password.encode()).hexdigest().upper()  # noqa: S324 - the service's own

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            known = f"{digest[5:]}:42" if self.path.endswith(digest[:5]) else "F" * 35 + ":0"
            self.send_response(200)
            self.end_headers()
            self.wfile.write(f"{'0' * 35}:0\r\n{known}\r\n".encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/range/"
    finally:
        server.shutdown()
        server.server_close()


async def test_a_password_of_a_breach_is_found_and_only_five_digits_are_told() -> None:
    asked: list[str] = []
    with breached("tulip lamp seventeen", asked) as url:
        its = Passwords(4, breaches=Breaches(url))
        assert await its.is_breached("tulip lamp seventeen")
        assert not await its.is_breached("tulip lamp eighteen")
    assert [len(path.rpartition("/")[2]) for path in asked] == [5, 5]


async def test_who_cannot_be_asked_keeps_nobody_out() -> None:
    its = Passwords(4, breaches=Breaches(f"http://127.0.0.1:{free_port()}"))
    assert not await its.is_breached("tulip lamp seventeen")
    assert not await Passwords(4).is_breached("tulip lamp seventeen")
