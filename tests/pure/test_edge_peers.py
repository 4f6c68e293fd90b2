"""Whose word is believed about the scheme and the client's address."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.edge.peers import is_local_host, settle_peer

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def request(peer: str | None, **headers: str) -> dict[str, Any]:
    pairs = [(key.replace("_", "-").encode(), value.encode()) for key, value in headers.items()]
    client = (peer, 1) if peer else None
    return {"type": "http", "scheme": "http", "client": client, "headers": pairs}


def settled(peer: str | None, **headers: str) -> tuple[str, str | None]:
    scope = request(peer, **headers)
    settle_peer(scope, PROXIES)
    return scope["scheme"], scope["client"][0] if scope["client"] else None


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", None, "10.1.2.3"])
def test_a_near_or_trusted_peer_may_say_the_scheme(peer: str | None) -> None:
    assert settled(peer, x_forwarded_proto="https")[0] == "https"
    assert settled(peer, x_forwarded_proto="http, HTTPS")[0] == "https"
    assert settled(peer, x_forwarded_proto="gopher")[0] == "http"


@pytest.mark.parametrize("peer", ["192.0.2.1", "2001:db8::1", "not an address"])
def test_nobody_else_may(peer: str) -> None:
    told = settled(peer, x_forwarded_proto="https", x_forwarded_for="198.51.100.7")
    assert told == ("http", peer)


def test_a_trusted_proxy_speaks_for_the_nearest_client_that_is_no_proxy() -> None:
    passed = "203.0.113.9, 198.51.100.7, 10.9.9.9"
    assert settled("10.1.2.3", x_forwarded_for=passed)[1] == "198.51.100.7"
    assert settled("10.1.2.3", x_forwarded_for="forged, 10.9.9.9")[1] == "10.1.2.3"
    assert settled("10.1.2.3")[1] == "10.1.2.3"
    assert settled("127.0.0.1", x_forwarded_for="198.51.100.7")[1] == "127.0.0.1"


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_stranger_says_changes_nothing(one: str, other: str) -> None:
    scope = request("192.0.2.1", x_forwarded_proto=one, x_forwarded_for=other)
    settle_peer(scope, PROXIES)
    assert (scope["scheme"], scope["client"]) == ("http", ("192.0.2.1", 1))


@pytest.mark.parametrize(
    ("host", "local"),
    [
        ("localhost", True),
        ("LOCALHOST:8800", True),
        ("127.0.0.1:8800", True),
        ("[::1]:8800", True),
        ("[::1]", True),
        ("solvent.localhost", True),
        ("localhost.", True),
        ("", False),
        ("localhost.evil.example", False),
        ("evil-localhost", False),
        ("127.0.0.1.evil.example", False),
        ("192.168.1.5:8800", False),
        ("[::1", True),
        ("[2001:db8::1]:80", False),
    ],
)
def test_a_host_is_this_machine_or_not(host: str, *, local: bool) -> None:
    assert is_local_host(request("127.0.0.1", host=host)) is local
