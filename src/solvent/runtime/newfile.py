"""A new file that only its owner may read, seen on the disk before anyone relies on it."""

import os
from pathlib import Path

OWNER_ONLY = 0o600


def write_new(path: Path, text: str) -> None:
    """Write ``text`` to ``path``; raises FileExistsError where something is there already."""
    opened = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(opened, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
