"""Which addresses are public: those that lead to nobody's inside.

An address is judged by what it reaches, not by how it is written: one that carries another inside it
(IPv4-mapped, NAT64, 6to4) is judged by that other one too.
"""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from typing import Final, TypeAlias

Address: TypeAlias = IPv4Address | IPv6Address

NAT64: Final = (IPv6Network("64:ff9b::/96"),)
NEVER: Final = tuple(
    map(
        IPv4Network,
        (
            "0.0.0.0/8",
            "100.64.0.0/10",  # inside of providers, and metadata of one cloud
            "168.63.129.16/32",  # metadata of another, on a public address
            "192.0.0.0/24",
            "192.88.99.0/24",
            "198.18.0.0/15",
            "224.0.0.0/4",
            "240.0.0.0/4",
        ),
    )
)
NEVER_6: Final = tuple(
    map(
        IPv6Network,
        (
            "::/96",  # IPv4-compatible, long withdrawn
            "64:ff9b:1::/48",  # NAT64 of a local network
            "100::/64",
            "2001::/23",  # Teredo, benchmarks, documentation
            "2001:db8::/32",
            "5f00::/16",
            "fc00::/7",
            "fe80::/10",
            "fec0::/10",
            "ff00::/8",
        ),
    )
)


def is_public(text: str) -> bool:
    """Tell whether the address that ``text`` is may be asked by anybody."""
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return all(_is_public(each) for each in (address, *_carried(address)))


def _is_public(address: Address) -> bool:
    if isinstance(address, IPv4Address):
        return address.is_global and not any(address in network for network in NEVER)
    if address.ipv4_mapped is not None:
        return True  # judged by what it carries
    return address.is_global and not any(address in network for network in NEVER_6)


def _carried(address: Address) -> tuple[IPv4Address, ...]:
    """Return the address inside an address, where there is one."""
    if isinstance(address, IPv4Address):
        return ()
    inside = address.ipv4_mapped or address.sixtofour
    if inside is None and any(address in network for network in NAT64):
        inside = IPv4Address(int(address) & 0xFFFF_FFFF)
    return () if inside is None else (inside,)
