"""Names of files that others send, made safe to show, to keep and to hand out again.

What is kept is the last part of a path, without anything that a file system, a terminal or a reader's
eye could take for something else. Nothing of ours is ever stored under such a name; it is shown, and
offered when the file is fetched again.
"""

import re
import unicodedata
from typing import Final

NAME_CHARS_MAX: Final = 120
ENDING_CHARS_MAX: Final = 10
NAMELESS: Final = "file"

_RESERVED: Final = re.compile(
    r"(?:con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(?:\..*)?", re.IGNORECASE | re.DOTALL
)
_UNWANTED: Final = frozenset('<>:"|?*%')
_HIDDEN_KINDS: Final = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp"})
"""Kinds of characters that are not seen, or change how others are: controls, bidi, lone surrogates."""


def safe_name(said: str) -> str:
    """Return the last part of ``said`` as a plain name, its ending kept where it has one."""
    last = re.split(r"[/\\\x00]", unicodedata.normalize("NFC", said))[-1]
    seen = "".join(sign for sign in last if _is_plain(sign))
    name = " ".join(seen.split()).strip(" .")
    if _RESERVED.fullmatch(name):
        name = f"_{name}"
    return _shortened(name) or NAMELESS


def _is_plain(sign: str) -> bool:
    return sign not in _UNWANTED and unicodedata.category(sign) not in _HIDDEN_KINDS


def _shortened(name: str) -> str:
    """Cut a name in its middle, so that it ends as it did."""
    if len(name) <= NAME_CHARS_MAX:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > ENDING_CHARS_MAX:
        return name[:NAME_CHARS_MAX].rstrip(" .")
    return f"{stem[: NAME_CHARS_MAX - len(ending) - 1].rstrip(' .')}.{ending}"
