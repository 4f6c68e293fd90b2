"""Who is really at the other end: the peer, or the client that a trusted proxy speaks for.

A proxy on this machine is believed about the scheme; one on a network that the settings name is
believed about the client's address and the host too. Everybody else's word is ignored. Proxies
write either ``X-Forwarded-*`` or ``Forwarded`` (RFC 7239) and hand on the other as a client sent it;
so the settings say which one is read, and the other never is.
"""

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address
from typing import NamedTuple, Protocol

from starlette.types import Scope

from solvent.runtime.settingvalues import LOCAL_HOSTS, Network

SCHEMES = frozenset({"http", "https"})
PROXIES_IN_A_ROW_MAX = 20
ADDRESSES_REMEMBERED = 4_096

_PAIR = re.compile(r'([A-Za-z]{2,5})=(?:"([^"\\]{0,300})"|([^;,"\s]{0,300}))', re.ASCII)
_NODE = re.compile(r"(?:\[([0-9A-Fa-f:.]{2,45})\]|([0-9.]{7,15}))(?::[0-9]{1,5})?", re.ASCII)


class Named(Protocol):
    """Headers by name; an empty text stands for one that is not there."""

    def get(self, name: bytes, /) -> str:
        """Return the header called ``name`` (lower case)."""
        ...


class Forwarded(NamedTuple):
    """Where a request came from; an empty text where nothing may be believed."""

    client: str = ""
    scheme: str = ""
    host: str = ""


class _Hop(NamedTuple):
    """What one proxy says of the peer before it."""

    node: str
    scheme: str
    host: str


class Proxies:
    """The networks whose word is taken, and the headers in which they give it."""

    def __init__(self, networks: Sequence[Network], *, standard: bool = False) -> None:
        """Trust ``networks``; ``standard`` reads ``Forwarded`` in place of ``X-Forwarded-*``."""
        self._networks = tuple(networks)
        self._standard = standard

    def forwarded(self, peer: str | None, named: Named) -> Forwarded:
        """Return what may be believed of a request that ``peer`` handed over."""
        address = _address(peer) if peer else None
        trusted = address is not None and self._trusts(address)
        if not (trusted or address is None or address.is_loopback):
            return Forwarded()
        if peer is not None and address is None:
            return Forwarded()
        hops = list(_standard_hops(named) if self._standard else _usual_hops(named))
        hops.reverse()
        if not trusted:
            return Forwarded(scheme=hops[0].scheme if hops else "")
        return self._nearest(hops)

    def _nearest(self, hops: Sequence[_Hop]) -> Forwarded:
        """Return the nearest client that is no proxy of ours; ``hops`` has the nearest first."""
        for hop in hops:
            address = _address(hop.node)
            if address is None:
                return Forwarded(scheme=hop.scheme, host=hop.host)
            if not self._trusts(address):
                return Forwarded(str(address), hop.scheme, hop.host)
        return Forwarded(scheme=hops[0].scheme, host=hops[0].host) if hops else Forwarded()

    def _trusts(self, address: IPv4Address | IPv6Address) -> bool:
        return any(address in network for network in self._networks)


def is_local_host(scope: Scope) -> bool:
    """Tell whether the request names this very machine as its host."""
    return is_local_name(header(scope, b"host") or "")


@lru_cache(maxsize=256)
def is_local_name(host: str) -> bool:
    """Tell whether the text of a Host header means this very machine."""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    name = name.lower().rstrip(".")
    return name in LOCAL_HOSTS or name.endswith(".localhost")


def header(scope: Scope, name: bytes) -> str | None:
    """Return the first header called ``name`` (lower case), or None."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def _usual_hops(named: Named) -> Iterator[_Hop]:
    """Read ``X-Forwarded-*``; scheme and host are those that the nearest proxy wrote."""
    scheme = _scheme(named.get(b"x-forwarded-proto").rpartition(",")[2])
    host = named.get(b"x-forwarded-host").rpartition(",")[2].strip()
    passed = named.get(b"x-forwarded-for")
    if not (scheme or host or passed):
        return
    for node in passed.split(",")[-PROXIES_IN_A_ROW_MAX:]:
        yield _Hop(node.strip(), scheme, host)


def _standard_hops(named: Named) -> Iterator[_Hop]:
    """Read ``Forwarded``."""
    for element in named.get(b"forwarded").split(",")[-PROXIES_IN_A_ROW_MAX:]:
        said = {name.lower(): quoted or bare for name, quoted, bare in _PAIR.findall(element)}
        if said:
            scheme = _scheme(said.get("proto", ""))
            yield _Hop(said.get("for", ""), scheme, said.get("host", ""))


def _scheme(text: str) -> str:
    said = text.strip().lower()
    return said if said in SCHEMES else ""


@lru_cache(maxsize=ADDRESSES_REMEMBERED)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    """Return the address that ``text`` is, with or without a port."""
    read = _NODE.fullmatch(text)
    try:
        address = ip_address((read[1] or read[2]) if read else text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address
