"""What the environment says: the named values of this process, before anyone judges them.

Every setting can stand in the environment, in a file that ``NAME_FILE`` points to, or under a name
that other programs use for the same thing. All of them are read here into one plain mapping, and
whatever is wrong with the names (contradictions, unknown ones, missing files) is said at once.
Values appear in no message: any of them may be a secret.
"""

import difflib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

PREFIX = "SOLVENT_"
FILE_SUFFIX = "_FILE"
FILE_BYTES_MAX = 64 * 1024
"""Largest file read for one setting."""
UNKNOWN_LISTED_MAX = 100
"""Most unknown names listed one by one."""

WORKSHOP = frozenset({"SOLVENT_CORPUS", "SOLVENT_GOLDEN", "SOLVENT_PYTHON"})
WORKSHOP_PREFIX = "SOLVENT_TEST_"
"""Names that tests and tools read; they are no settings, and no mistake either."""

SERVICE_LINK = re.compile(r"SOLVENT_(?:SERVICE_(?:HOST|PORT)(?:_\w+)?|PORT_\d+_(?:TCP|UDP)\w*)")
"""What a container platform adds for a service called "solvent", beside ``SOLVENT_PORT``."""
SERVICE_LINK_SCHEMES = ("tcp://", "udp://")


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to put right: a stable ``code``, the ``setting``, and a sentence with a remedy.

    ``stops`` tells whether Solvent refuses to start before it is put right.
    """

    code: str
    setting: str
    message: str
    stops: bool = True


@dataclass(frozen=True, slots=True)
class Name:
    """A setting's name, the foreign names read as the same, and whether its value is a secret."""

    name: str
    aliases: tuple[str, ...] = ()
    secret: bool = False


@dataclass(frozen=True, slots=True)
class Store:
    """What a store of secrets holds, by upper-case names; ``setting`` is what names the store."""

    setting: str
    values: Mapping[str, str]


@dataclass(slots=True)
class Gathered:
    """Values by our names, where each came from, what is wrong, and what is worth knowing.

    ``sources`` are the names that said it, ``files`` the files that such names point to.
    """

    values: dict[str, str] = field(default_factory=dict[str, str])
    sources: dict[str, str] = field(default_factory=dict[str, str])
    files: dict[str, Path] = field(default_factory=dict[str, Path])
    findings: list[Finding] = field(default_factory=list[Finding])
    notices: list[Finding] = field(default_factory=list[Finding])


def process_environment() -> dict[str, str]:
    """Return a copy of this process's environment."""
    return dict(os.environ)


def gather(
    environ: Mapping[str, str],
    names: Iterable[Name],
    *,
    flags: Mapping[str, str] | None = None,
    stores: Sequence[Store] = (),
) -> Gathered:
    """Read the settings called ``names`` out of ``environ`` and ``stores``.

    An empty value counts as unset. ``flags`` are what the command line said, by our names: they
    win over the environment without counting as a contradiction.
    """
    gathered = Gathered()
    known = list(names)
    for name in known:
        flag = (flags or {}).get(name.name, "")
        if flag.strip():
            gathered.values[name.name] = flag
            gathered.sources[name.name] = "command line"
        else:
            _settle(gathered, name, _said(gathered, environ, name) | _stored(stores, name))
    _look_for_unknown(gathered, environ, known)
    return gathered


def _said(gathered: Gathered, environ: Mapping[str, str], name: Name) -> dict[str, str]:
    """Return what each name of a setting says, ours first; empty ones are left out."""
    said: dict[str, str] = {}
    for spelled in (name.name, *name.aliases):
        value = environ.get(spelled, "")
        if value.strip():
            said[spelled] = value
        pointer = environ.get(spelled + FILE_SUFFIX, "")
        if pointer.strip():
            content = _read(gathered, name, spelled + FILE_SUFFIX, Path(pointer))
            if content.strip():
                said[spelled + FILE_SUFFIX] = content
                gathered.files[spelled + FILE_SUFFIX] = Path(pointer)
    return said


def _stored(stores: Iterable[Store], name: Name) -> dict[str, str]:
    """Return what stores say of a setting, under our name for it; empty values are left out."""
    return {
        f"{name.name} of {store.setting}": store.values[spelled]
        for store in stores
        for spelled in (name.name, *name.aliases)
        if store.values.get(spelled, "").strip()
    }


def _settle(gathered: Gathered, name: Name, said: Mapping[str, str]) -> None:
    """Keep the one value that all names agree on, or find that they contradict each other."""
    if not said:
        return
    source, value = next(iter(said.items()))
    if any(other != value for other in said.values()):
        gathered.findings.append(
            Finding(
                "settings.contradiction",
                name.name,
                f"{_listed(said)} say different things. Keep {name.name} and unset the others.",
            )
        )
        return
    gathered.values[name.name] = value
    gathered.sources[name.name] = source
    own = {name.name, name.name + FILE_SUFFIX}
    gathered.notices.extend(
        Finding(
            "settings.alias",
            name.name,
            f"{spelled} is read as {name.name}. Rename it to be plain about it.",
            stops=False,
        )
        for spelled in said
        if spelled.partition(" ")[0] not in own
    )


def _read(gathered: Gathered, name: Name, spelled: str, path: Path) -> str:
    """Return the content of a setting's file without its last newline; empty when it cannot be."""
    try:
        with path.open("rb") as file:
            raw = file.read(FILE_BYTES_MAX + 1)
            readable_by_others = os.fstat(file.fileno()).st_mode & 0o004
        if len(raw) > FILE_BYTES_MAX:
            raise ValueError(f"it is larger than {FILE_BYTES_MAX} bytes")  # noqa: TRY301 - told below
        content = raw.decode("utf-8")
    except (OSError, ValueError) as wrong:
        reason = wrong.strerror if isinstance(wrong, OSError) else str(wrong)
        if isinstance(wrong, UnicodeDecodeError):
            reason = "it is not UTF-8 text"
        gathered.findings.append(
            Finding(
                "settings.file_unreadable",
                name.name,
                f"The file that {spelled} names cannot be read: {reason or 'unknown reason'}. "
                "Correct its path or its permissions, or unset it.",
            )
        )
        return ""
    if name.secret and readable_by_others:
        gathered.notices.append(
            Finding(
                "settings.file_open_to_others",
                name.name,
                f"The file that {spelled} names can be read by everybody on this machine. "
                "Give it mode 0600.",
                stops=False,
            )
        )
    return content.removesuffix("\n").removesuffix("\r")


def _look_for_unknown(
    gathered: Gathered, environ: Mapping[str, str], known: Iterable[Name]
) -> None:
    """Find names that begin like ours and are none, each with the nearest that is one."""
    ours = {spelled for name in known for spelled in (name.name, *name.aliases)}
    strangers = sorted(_strangers(environ, ours))
    for stranger in strangers[:UNKNOWN_LISTED_MAX]:
        near = difflib.get_close_matches(stranger.removesuffix(FILE_SUFFIX), sorted(ours), n=1)
        meant = f"Did you mean {near[0]}? " if near else ""
        gathered.findings.append(
            Finding(
                "settings.unknown",
                stranger,
                f"{stranger} is no setting of this release. {meant}Correct it, or unset it; "
                "`solvent settings reference` lists them all.",
                stops=False,
            )
        )


def _strangers(environ: Mapping[str, str], ours: set[str]) -> Iterator[str]:
    """Yield names of ours that nobody reads; empty ones count as unset."""
    for spelled, value in environ.items():
        if (
            not spelled.startswith(PREFIX)
            or not value.strip()
            or spelled.removesuffix(FILE_SUFFIX) in ours
            or spelled in ours
            or spelled in WORKSHOP
            or spelled.startswith(WORKSHOP_PREFIX)
            or SERVICE_LINK.fullmatch(spelled)
            or (spelled == "SOLVENT_PORT" and value.startswith(SERVICE_LINK_SCHEMES))
        ):
            continue
        yield spelled


def _listed(names: Iterable[str]) -> str:
    """Join names as a sentence does: A, B and C."""
    *rest, last = names
    return f"{', '.join(rest)} and {last}" if rest else last
