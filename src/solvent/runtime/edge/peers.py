"""Who is really at the other end: the peer, or the client that a trusted proxy speaks for.

A proxy on this machine is believed about the scheme; one on a network that the settings name is
believed about the client's address too. Everybody else's word is ignored.
"""

from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv6Address, ip_address

from starlette.types import Scope

from solvent.runtime.settingvalues import LOCAL_HOSTS, Network


def header(scope: Scope, name: bytes) -> str | None:
    """Return the first header called ``name`` (lower case), or None."""
    for key, value in scope["headers"]:
        if key == name:
            text: str = value.decode("latin-1")
            return text
    return None


def settle_peer(scope: Scope, trusted: Sequence[Network]) -> None:
    """Write the scheme and the client's address that are to be believed into ``scope``."""
    client: tuple[str, int] | None = scope.get("client")
    peer = _address(client[0]) if client else None
    through_proxy = peer is not None and _is_within(peer, trusted)
    if client is None or through_proxy or (peer is not None and peer.is_loopback):
        said = (header(scope, b"x-forwarded-proto") or "").rpartition(",")[2].strip().lower()
        if said in {"http", "https"}:
            scope["scheme"] = said
    if through_proxy and (origin := _forwarded_for(scope, trusted)):
        scope["client"] = (origin, 0)


def is_local_host(scope: Scope) -> bool:
    """Tell whether the request names this very machine as its host."""
    host = header(scope, b"host") or ""
    name = host[1:].partition("]")[0] if host.startswith("[") else host.partition(":")[0]
    name = name.lower().rstrip(".")
    return name in LOCAL_HOSTS or name.endswith(".localhost")


def _forwarded_for(scope: Scope, trusted: Sequence[Network]) -> str | None:
    """Return the nearest address in X-Forwarded-For that is no proxy of ours."""
    for text in reversed((header(scope, b"x-forwarded-for") or "").split(",")):
        address = _address(text.strip())
        if address is None:
            return None
        if not _is_within(address, trusted):
            return str(address)
    return None


@lru_cache(maxsize=1_024)
def _address(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, IPv6Address) else None
    return mapped or address


def _is_within(address: IPv4Address | IPv6Address, networks: Sequence[Network]) -> bool:
    return any(address in network for network in networks)
