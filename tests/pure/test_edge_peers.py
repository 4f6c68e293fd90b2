"""Whose word is believed about the scheme and the client's address."""

from ipaddress import ip_network
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from solvent.runtime.door.envelope import Envelope
from solvent.runtime.edge.peers import Forwarded, Proxies, is_local_host

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


def asked_of(host: str) -> dict[str, Any]:
    return {"type": "http", "headers": [(b"host", host.encode())]}


def envelope(**headers: str) -> Envelope:
    return Envelope((key.replace("_", "-").encode(), it.encode()) for key, it in headers.items())


def origin(peer: str | None, *, standard: bool = False, **headers: str) -> Forwarded:
    return Proxies(PROXIES, standard=standard).forwarded(peer, envelope(**headers))


@pytest.mark.parametrize("peer", ["127.0.0.1", "::1", "::ffff:127.0.0.1", None, "10.1.2.3"])
def test_a_near_or_trusted_peer_may_say_the_scheme(peer: str | None) -> None:
    assert origin(peer, x_forwarded_proto="https").scheme == "https"
    assert origin(peer, x_forwarded_proto="http, HTTPS").scheme == "https"
    assert origin(peer, x_forwarded_proto="gopher").scheme == ""


@pytest.mark.parametrize("peer", ["192.0.2.1", "2001:db8::1", "not an address"])
def test_nobody_else_may(peer: str) -> None:
    told = origin(
        peer,
        x_forwarded_proto="https",
        x_forwarded_for="198.51.100.7",
        x_forwarded_host="evil.example",
    )
    assert told == Forwarded()


def test_a_trusted_proxy_speaks_for_the_nearest_client_that_is_no_proxy() -> None:
    passed = "203.0.113.9, 198.51.100.7, 10.9.9.9"
    assert origin("10.1.2.3", x_forwarded_for=passed).client == "198.51.100.7"
    assert origin("10.1.2.3", x_forwarded_for="198.51.100.7:4711").client == "198.51.100.7"
    assert origin("10.1.2.3", x_forwarded_for="forged, 10.9.9.9").client == ""
    assert origin("10.1.2.3").client == ""
    assert origin("127.0.0.1", x_forwarded_for="198.51.100.7").client == ""
    assert origin("10.1.2.3", x_forwarded_host="a.example, b.example").host == "b.example"


def test_the_standard_header_is_read_where_the_settings_say_so_and_then_alone() -> None:
    said = 'for=203.0.113.9;proto=http, for="[2001:db8::7]:4711";proto=https;host=money.example'
    usual = {"x_forwarded_for": "192.0.2.99", "x_forwarded_proto": "http"}
    read = origin("10.1.2.3", standard=True, forwarded=said, **usual)
    assert read == Forwarded("2001:db8::7", "https", "money.example")
    assert origin("10.1.2.3", forwarded=said) == Forwarded()
    hidden = origin("10.1.2.3", standard=True, forwarded="for=_hidden;proto=https, for=10.2.2.2")
    assert hidden == Forwarded(scheme="https")


@given(st.text(max_size=60), st.text(max_size=60))
def test_whatever_a_stranger_says_changes_nothing(one: str, other: str) -> None:
    for standard in (False, True):
        for peer in ("192.0.2.1", "10.0.0.1"):
            said = origin(
                peer, standard=standard, x_forwarded_proto=one, x_forwarded_for=other, forwarded=one
            )
            assert peer == "10.0.0.1" or said == Forwarded()


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
    assert is_local_host(asked_of(host)) is local
