"""Files that hold secrets: a key ring of its own, or an environment file with one among other lines.

A file is replaced whole or not at all: the new text is written beside it, readable by its owner only,
seen on the disk, and put in its place in one step. What stood there before is kept as a copy.
"""

import os
import re
import secrets
import shutil
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path

from solvent.kernel.errors import Refusal
from solvent.runtime.keys import KeyRing, generate_key
from solvent.runtime.newfile import write_new

_LINE = re.compile(r"^(?P<head>\s*(?:export\s+)?(?P<name>[A-Za-z_]\w*)\s*=\s*)(?P<value>.*?)\s*$")
_QUOTED = re.compile(r"""^(?P<quote>["'])(?P<text>.*)(?P=quote)$""")


class SecretFileRefused(Refusal):
    """A file of secrets that cannot be read, written or made; it is as it was."""

    code = "runtime.secret_file"


def value_in(text: str, name: str) -> str | None:
    """Return what the environment file ``text`` sets ``name`` to; None where it does not."""
    found = None
    for line in text.splitlines():
        read = _LINE.match(line)
        if read and read["name"] == name:
            found = _bare(read["value"])
    return found


def with_values(text: str, values: Mapping[str, str]) -> str:
    """Return the environment file ``text`` with ``values`` set and every other line as it was.

    A value that stood in quotes stays in them; a name that is missing is added at the end.
    """
    left = dict(values)
    lines = text.splitlines(keepends=True)
    for number, line in enumerate(lines):
        read = _LINE.match(line)
        if read and read["name"] in values:
            quoted = _QUOTED.match(read["value"])
            quote = quoted["quote"] if quoted else ""
            ending = line[len(line.rstrip("\r\n")) :] or "\n"
            lines[number] = f"{read['head']}{quote}{values[read['name']]}{quote}{ending}"
            left.pop(read["name"], None)
    if left and lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    lines.extend(f"{name}={value}\n" for name, value in left.items())
    return "".join(lines)


def rotated(ring: str, *, kept: int) -> str:
    """Return the text of ``ring`` with a new key before its ``kept`` newest ones."""
    KeyRing.parse(ring)
    former = [entry.strip() for entry in ring.split(",")]
    return ",".join([generate_key(), *former[:kept]])


def read_secret_file(path: Path) -> str:
    """Return the text of a file of secrets."""
    try:
        return path.read_text("utf-8")
    except UnicodeDecodeError:
        raise SecretFileRefused(f"{path} is not UTF-8 text. Name another file.") from None
    except OSError as wrong:
        raise SecretFileRefused(f"{path} cannot be read: {wrong.strerror}.") from wrong


def create_secret_file(path: Path, text: str) -> None:
    """Write a file that was not there, readable by its owner only."""
    try:
        write_new(path, text)
    except FileExistsError:
        raise SecretFileRefused(
            f"{path} is there already, and may hold secrets that are in use. Name another file, "
            "or change the one that is there with `solvent secrets rotate`."
        ) from None
    except OSError as wrong:
        raise SecretFileRefused(f"{path} cannot be written: {wrong.strerror}.") from wrong


def replace_secret_file(path: Path, text: str, *, now: datetime) -> Path:
    """Put ``text`` into ``path`` in one step, its mode and owner kept; return the copy of before."""
    target = path.resolve()
    copy = target.with_name(f"{target.name}.{now:%Y%m%dT%H%M%S}.bak")
    draft = target.with_name(f".{target.name}.{secrets.token_hex(8)}")
    try:
        known = target.stat()
        write_new(copy, target.read_text("utf-8"))
        try:
            write_new(draft, text)
            shutil.copymode(target, draft)
            if os.geteuid() == 0:
                os.chown(draft, known.st_uid, known.st_gid)
            draft.replace(target)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as wrong:
        raise SecretFileRefused(
            f"{path} cannot be replaced: {wrong.strerror}. It is as it was."
        ) from wrong
    return copy


def _bare(value: str) -> str:
    quoted = _QUOTED.match(value)
    return quoted["text"] if quoted else value
