"""What a web process serves: the application, put together from what its parent has read."""

import os

from solvent.entrypoints.asgi import create_app
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.edge.outermost import Outermost
from solvent.runtime.keeper import end_with
from solvent.runtime.log import configure
from solvent.runtime.settinggroups import Settings


def make_app(settings: Settings, address: DatabaseAddress, parent: int) -> Outermost:
    """Return the application of a process that ends with its ``parent``."""
    if os.getpid() != parent:
        end_with(parent)
    configure(settings.log)
    return create_app(settings, address)
