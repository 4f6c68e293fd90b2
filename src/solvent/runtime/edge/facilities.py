"""What handlers ask of the process that serves them, and of the client at the other end.

The dependency is a coroutine: FastAPI sends plain functions to a thread, which costs more than they
do.
"""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from solvent.runtime.edge.credentials import Tokens
from solvent.runtime.origin import readable_agent
from solvent.runtime.passwords import Passwords
from solvent.runtime.sealing import Seal
from solvent.runtime.settinggroups import Settings
from solvent.runtime.uploads.antivirus import Antivirus
from solvent.runtime.work import Works

NO_ADDRESS = "local"


@dataclass(frozen=True, slots=True)
class Facilities:
    """What one process has one of."""

    works: Works
    tokens: Tokens
    passwords: Passwords
    seal: Seal
    settings: Settings
    antivirus: Antivirus


def facilities(request: Request) -> Facilities:
    """Return what the process that serves ``request`` has."""
    state = request.app.state
    return Facilities(
        state.works, state.tokens, state.passwords, state.seal, state.settings, state.antivirus
    )


async def _current(request: Request) -> Facilities:
    return facilities(request)


CurrentFacilities = Annotated[Facilities, Depends(_current)]


def client_address(request: Request) -> str:
    """Return where the request comes from, as the outermost layer found it."""
    return request.client.host if request.client else NO_ADDRESS


def agent(request: Request) -> str:
    """Return what the client calls itself, printable and cut."""
    return readable_agent(request.headers.get("user-agent", ""))
