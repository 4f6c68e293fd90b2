"""Where the work of a task comes from: the request, the network address and the program at its end.

The outermost layer says it once for each request; what is noted during the request carries it. Outside
of a request it is empty.
"""

from contextvars import ContextVar
from dataclasses import dataclass

AGENT_CHARS_MAX = 200


@dataclass(frozen=True, slots=True)
class Origin:
    """A request's id, the address that it came from, and what the client calls itself."""

    request_id: str = ""
    address: str = ""
    agent: str = ""


_NOWHERE = Origin()
_CURRENT: ContextVar[Origin] = ContextVar("origin", default=_NOWHERE)


def current_origin() -> Origin:
    """Return where the work of the running task comes from."""
    return _CURRENT.get()


def set_origin(origin: Origin) -> None:
    """Say where the work of the running task, and of those that it starts, comes from."""
    _CURRENT.set(origin)


def readable_agent(said: str) -> str:
    """Return what a client calls itself, printable and cut."""
    return "".join(sign for sign in said[:AGENT_CHARS_MAX] if sign.isprintable())
