"""The catalogue of claims: read from the files in ``claims``, one for each area."""

import tomllib
from collections.abc import Collection, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

from solvent.kernel.probe import Kind
from solvent.readiness.domain import Claim, Dimension, UnknownArea

_KEYS = frozenset(
    {"id", "claim", "kind", "component", "dimensions", "weight", "blocker", "decision", "not_built"}
)


@cache
def catalogue() -> tuple[Claim, ...]:
    """Return every claim, area by area in alphabetical order."""
    folder = files("solvent.readiness") / "claims"
    found = sorted(each.name for each in folder.iterdir() if each.name.endswith(".toml"))
    return tuple(
        claim
        for name in found
        for claim in claims_in(name.removesuffix(".toml"), (folder / name).read_text("utf-8"))
    )


def areas() -> tuple[str, ...]:
    """Return the names of all areas."""
    return tuple(dict.fromkeys(claim.area for claim in catalogue()))


def claims_of(chosen: Collection[str]) -> tuple[Claim, ...]:
    """Return the claims of the ``chosen`` areas, of all when none is chosen."""
    for area in chosen:
        if area not in areas():
            raise UnknownArea(area, areas())
    return tuple(claim for claim in catalogue() if not chosen or claim.area in chosen)


def claims_in(area: str, text: str) -> Iterator[Claim]:
    """Read the claims of one file; what it says above them holds for those that do not say it."""
    document = tomllib.loads(text)
    listed: list[dict[str, Any]] = document.pop("claims")
    for each in listed:
        said: dict[str, Any] = {"weight": 1} | document | each
        if unknown := said.keys() - _KEYS:
            raise ValueError(f"{said['id']} says {', '.join(sorted(unknown))}, which no claim has")
        yield Claim(
            id=said["id"],
            area=area,
            claim=said["claim"],
            kind=Kind(said["kind"]),
            component=said["component"],
            dimensions=tuple(Dimension(each) for each in said["dimensions"]),
            weight=said["weight"],
            blocker=said.get("blocker", False),
            decision=said.get("decision", ""),
            not_built=said.get("not_built", ""),
        )
