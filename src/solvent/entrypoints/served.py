"""What a web process serves: the application, put together from what its parent has read."""

import gc
import os

from solvent.entrypoints.asgi import create_app
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.door.outermost import Outermost
from solvent.runtime.keeper import end_with
from solvent.runtime.log import configure
from solvent.runtime.settinggroups import Settings


def make_app(settings: Settings, address: DatabaseAddress, parent: int) -> Outermost:
    """Return the application of a process that ends with its ``parent``.

    What stands by then stays for good. Taken out of the collector's sight, it is not gone through
    again and again while an import makes rows by the hundred thousand: a third of a reading's time.
    """
    if os.getpid() != parent:
        end_with(parent)
    configure(settings.log)
    app = create_app(settings, address)
    gc.collect()
    gc.freeze()
    return app
