"""Lock files name versions and hashes, never an address; the change log is made of fragments."""

import json
import re
from collections.abc import Iterable, Iterator

from tools.tidy.source import Finding, Source

_PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[^]]*\])?==([^\s;]+)(?: ; ([^\\\n]+))?", re.MULTILINE)
"""A name, its version, and the machines that it is for where not every one is meant."""
FRAGMENT_KINDS = ("added", "changed", "fixed", "removed", "security")
_FRAGMENT = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*\.(" + "|".join(FRAGMENT_KINDS) + r")\.md")


def requirements_name_no_address(source: Source) -> Iterator[Finding]:
    """A compiled requirements file holds pins and hashes only, so that any mirror serves it."""
    for number, line in enumerate(source.text.splitlines(), 1):
        if "://" in line or line.startswith("-"):
            yield source.at(number, "an address or an option in a lock file: pins and hashes only")


def requirements_are_hashed(source: Source) -> Iterator[Finding]:
    """Each pin is followed by at least one hash."""
    blocks = re.split(r"\n(?=\S)", source.text)
    line = 1
    for block in blocks:
        if block.strip() and "--hash=sha256:" not in block:
            yield source.at(line, f"{block.split()[0]} has no hash")
        line += block.count("\n") + 1


def pins_agree(one: Source, other: Source) -> Iterator[Finding]:
    """What two lock files both name, they name in one version."""
    known = _pins(other)
    for pin, version in _pins(one).items():
        if known.get(pin, version) != version:
            yield one.at(1, f"{pin[0]} is {version} here and {known[pin]} in {other.path}")


def _pins(source: Source) -> dict[tuple[str, str], str]:
    """Return the version of each name on each kind of machine."""
    found = _PIN.findall(source.text)
    return {(name, machines.strip()): version for name, version, machines in found}


def npm_lock_names_no_address(source: Source) -> Iterator[Finding]:
    """The lock file of the front end holds integrity hashes and no download address."""
    packages: dict[str, dict[str, object]] = json.loads(source.text)["packages"]
    for name, package in packages.items():
        if "resolved" in package:
            yield source.at(1, f"{name} records where it was downloaded: see frontend/.npmrc")
        if name and "integrity" not in package:
            yield source.at(1, f"{name} has no integrity hash")


def fragments_are_named_right(paths: Iterable[str]) -> Iterator[Finding]:
    """A fragment of the change log is ``changes.d/what-changed.KIND.md``."""
    for path in paths:
        name = path.rsplit("/", 1)[-1]
        if name != "README.md" and not _FRAGMENT.fullmatch(name):
            kinds = ", ".join(FRAGMENT_KINDS)
            yield Finding(path, 1, f"name it what-changed.KIND.md, KIND one of {kinds}")
