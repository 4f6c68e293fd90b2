"""Calls to other programs: which addresses are asked, and what becomes of bad answers."""

import asyncio
import gzip
from collections.abc import AsyncGenerator, Collection
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest

from solvent.runtime.edgesettings import OutgoingSettings
from solvent.runtime.outgoing.addresses import is_public
from solvent.runtime.outgoing.client import FAILURES_IN_A_ROW_MAX, Outgoing
from solvent.runtime.outgoing.refusals import (
    AnswerTooLarge,
    CallsPaused,
    ForbiddenAddress,
    Unreachable,
)

INSIDE = """
    0.0.0.0 10.0.0.1 100.64.0.1 100.100.100.200 127.0.0.1 127.255.255.254
    168.63.129.16 169.254.169.254 172.16.0.1 172.31.255.255 192.0.0.192 192.168.1.1
    198.18.0.1 203.0.113.9 224.0.0.1 255.255.255.255 :: ::1
    ::127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 64:ff9b::a9fe:a9fe 64:ff9b::7f00:1 64:ff9b:1::1
    2001:db8::1 2001:0:7f00:1::1 2002:7f00:1::1 2002:a9fe:a9fe:: fd00:ec2::254 fe80::1
    fe80::1%eth0 fec0::1 ff02::1 localhost 2130706433 0x7f000001
    017700000001
"""
OUTSIDE = [
    "1.1.1.1",
    "93.184.215.14",
    "2606:4700:4700::1111",
    "64:ff9b::101:101",
    "::ffff:8.8.8.8",
    "2002:101:101::",
]


@pytest.mark.parametrize("address", INSIDE.split())
def test_an_address_that_leads_inside_is_not_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize("address", OUTSIDE)
def test_an_address_that_anybody_reaches_is_public(address: str) -> None:
    assert is_public(address)


@dataclass
class Other:
    """Another program on loopback that answers what it was told to, in turn; the last for ever."""

    answers: list[bytes]
    port: int = 0
    asked: list[str] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://other.test:{self.port}/path"

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        self.asked.append(head.decode())
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if answer:
            writer.write(answer)
            await writer.drain()
        else:
            await reader.read()
        writer.close()
        await writer.wait_closed()


@asynccontextmanager
async def other(*answers: bytes) -> AsyncGenerator[Other, None]:
    program = Other(list(answers))
    server = await asyncio.start_server(program.serve, "127.0.0.1", 0)
    program.port = server.sockets[0].getsockname()[1]
    try:
        yield program
    finally:
        server.close()
        await server.wait_closed()
        await asyncio.sleep(0.01)


def answer(status: str = "200 OK", body: bytes = b"{}", *headers: str) -> bytes:
    lines = [f"HTTP/1.1 {status}", f"content-length: {len(body)}", "connection: close", *headers]
    return "\r\n".join([*lines, "", ""]).encode() + body


def calls(*names: str, private: tuple[str, ...] = ("other.test",), **more: float) -> Outgoing:
    """Call where every name means ``names``, loopback unless told."""

    async def resolver(host: str, port: int) -> Collection[str]:
        assert host
        assert port
        return names or ("127.0.0.1",)

    settings = OutgoingSettings.model_validate({"private_hosts": private, **more})
    return Outgoing(settings, resolver=resolver)


async def test_an_allowed_host_is_asked_by_its_name() -> None:
    async with other(answer(body=b'{"a": 1}')) as it, calls() as outgoing:
        reply = await outgoing.get(it.url, headers={"x-one": "1"})
        assert (reply.status, reply.json()) == (200, {"a": 1})
        assert f"Host: other.test:{it.port}" in it.asked[0]
        posted = await outgoing.post(it.url, json={"b": 2})
        assert posted.status == 200
        assert "application/json" in it.asked[1]


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("169.254.169.254",), ("1.1.1.1", "10.0.0.1"), ("::ffff:7f00:1",)]
)
async def test_a_name_that_means_an_inside_address_is_not_asked(addresses: tuple[str, ...]) -> None:
    async with other(answer()) as it, calls(*addresses) as outgoing:
        for scheme in ("http", "https"):
            with pytest.raises(ForbiddenAddress):
                await outgoing.get(f"{scheme}://rebound.example:{it.port}/")
        assert it.asked == []


@pytest.mark.parametrize(
    "url",
    [
        "http://public.example/",
        "file:///etc/passwd",
        "gopher://other.test/",
        "javascript:alert(1)",
        "https://user:secret@public.example/",
        "//other.test/",
        "",
        "https://",
        "https://\x00/",
        "https://a" + "a" * 3_000,
    ],
)
async def test_an_address_of_another_kind_is_not_asked(url: str) -> None:
    async with calls() as outgoing:
        with pytest.raises(ForbiddenAddress):
            await outgoing.get(url)


@pytest.mark.parametrize("host", ["127.0.0.1", "2130706433", "0x7f.1", "[::1]", "localhost", "0"])
async def test_the_system_resolves_no_other_spelling_of_this_machine(host: str) -> None:
    async with Outgoing(OutgoingSettings()) as outgoing:
        with pytest.raises((ForbiddenAddress, Unreachable)) as refused:
            await outgoing.get(f"https://{host}/")
    assert refused.type is ForbiddenAddress or host == "0x7f.1"


@pytest.mark.parametrize(
    "target", ["http://inside.example/", "https://169.254.169.254/x", "file:///x"]
)
async def test_a_redirect_is_judged_like_the_first_address(target: str) -> None:
    led = answer("302 Found", b"", f"location: {target}")
    async with other(led) as it, calls() as outgoing:
        with pytest.raises((ForbiddenAddress, Unreachable)):
            await outgoing.get(it.url)
        assert len(it.asked) <= 3
        assert (await outgoing.get(it.url, redirects=False)).status == 302


async def test_what_may_pass_is_tried_again_and_only_where_that_is_harmless() -> None:
    busy = answer("503 Service Unavailable", b"")
    async with other(busy, busy, answer()) as it, calls() as outgoing:
        assert (await outgoing.get(it.url)).status == 200
        assert len(it.asked) == 3
    async with other(busy, answer()) as it, calls() as outgoing:
        assert (await outgoing.post(it.url, form={"a": "b"})).status == 503
        assert len(it.asked) == 1


async def test_a_host_that_fails_again_and_again_is_left_alone() -> None:
    async with calls() as outgoing:
        for _ in range(FAILURES_IN_A_ROW_MAX):
            with pytest.raises((Unreachable, CallsPaused)):
                await outgoing.post("http://other.test:1/", json={})
        with pytest.raises(CallsPaused) as paused:
            await outgoing.get("http://other.test:1/")
    assert paused.value.facts["retry_after_s"] == 30


async def test_a_call_ends_at_its_deadline() -> None:
    async with other(b"") as it, calls(timeout_s=0.3) as outgoing:
        with pytest.raises(Unreachable):
            await outgoing.get(it.url)


async def test_an_answer_is_read_up_to_its_limit_packed_or_not() -> None:
    packed = gzip.compress(b" " * 1_000_000)
    answers = (
        answer(body=b" " * 5_000),
        answer("200 OK", packed, "content-encoding: gzip"),
        b"HTTP/1.1 200 OK\r\n\r\n" + b" " * 5_000,
    )
    for each in answers:
        async with other(each) as it, calls(answer_bytes_max=2_048) as outgoing:
            with pytest.raises(AnswerTooLarge):
                await outgoing.get(it.url)
    small = answer("200 OK", gzip.compress(b"[1]"), "content-encoding: gzip")
    odd = answer("200 OK", b"x", "content-encoding: br")
    async with other(small, odd) as it, calls() as outgoing:
        assert (await outgoing.get(it.url)).json() == [1]
        with pytest.raises(Unreachable):
            await outgoing.get(it.url)
