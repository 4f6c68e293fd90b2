"""Which names an installation answers to.

A request says in its Host header whom it means, and whatever builds a link or compares an origin
believes it; so a name that is not ours is refused. This machine's own names are always ours. On an
open network (SOLVENT_INSECURE_LAN) so are addresses and names of the local network, which no
stranger's domain can be made to look like.
"""

import re
from collections.abc import Iterable
from ipaddress import ip_address
from typing import Final

from solvent.runtime.settingvalues import LOCAL_HOSTS

HOST_CHARS_MAX: Final = 255
REMEMBERED_MAX: Final = 1_000

_HOST = re.compile(
    r"(?:\[(?P<v6>[0-9A-Fa-f:.]{2,45})\]|(?P<name>[A-Za-z0-9_](?:[A-Za-z0-9_.-]{0,252})))"
    r"(?::[0-9]{1,5})?",
    re.ASCII,
)
_NEAR_ENDINGS = (".local", ".lan", ".home.arpa", ".internal")


class Hosts:
    """The names of one installation."""

    def __init__(self, names: Iterable[str], *, near: bool = False) -> None:
        """Answer to ``names``; one that begins with a dot stands for every name that ends with it.

        ``near`` adds what a local network calls its machines.
        """
        listed = [name.lower().rstrip(".") for name in names]
        self._exact = LOCAL_HOSTS | {name for name in listed if not name.startswith(".")}
        self._endings = (*(name for name in listed if name.startswith(".")), ".localhost")
        self._near = near
        self._known: dict[str, bool] = {}

    def include(self, header: str) -> bool:
        """Tell whether the text of a Host header names this installation."""
        known = self._known.get(header)
        if known is None:
            known = self._judge(header)
            # What a stranger sends is not kept: only our own names fill the memory.
            if known and len(self._known) < REMEMBERED_MAX:
                self._known[header] = known
        return known

    def _judge(self, header: str) -> bool:
        if (name := host_name(header)) is None:
            return False
        if name in self._exact or name.endswith(self._endings):
            return True
        return self._near and _is_near(name)


def host_name(header: str) -> str | None:
    """Return the name or address in a Host header, in lower case; None where it is malformed."""
    if len(header) > HOST_CHARS_MAX or not (read := _HOST.fullmatch(header)):
        return None
    if read["v6"]:
        return str(read["v6"]).lower()
    return str(read["name"]).lower().rstrip(".")


def _is_near(name: str) -> bool:
    """Tell whether a name can only mean a machine near by: an address, or a local name."""
    try:
        ip_address(name)
    except ValueError:
        return "." not in name or name.endswith(_NEAR_ENDINGS)
    return True
