"""Probes of who is let in: strangers nowhere, and nobody into another's household."""

from collections.abc import Iterator, Sequence
from typing import Any, Final, NamedTuple

from solvent.kernel.probe import Answer, Bench, Probe, Unproved, live_probe
from solvent.readiness.probes.bodies import least
from solvent.readiness.probes.books import opened
from solvent.runtime.ids import new_id

PUBLIC: Final = ("/api/v1/auth/", "/health", "/reports/")
"""Where strangers may ask: the ways in, health, and reports of browsers."""
METHODS: Final = ("get", "post", "put", "patch", "delete")
HOUSEHOLD: Final = "{household}"
REFUSALS: Final = frozenset({401, 403})
NOTHING_THERE: Final = 404


class Operation(NamedTuple):
    """One operation of the API, and the least body that it takes."""

    method: str
    path: str
    body: object


async def operations(bench: Bench) -> list[Operation]:
    """Return every operation of the API's own document."""
    document = await bench.get("/api/openapi.json")
    paths: dict[str, dict[str, Any]] = document.at("paths")
    schemas: dict[str, Any] = document.at("components", "schemas")
    if not paths:
        raise Unproved("The API has no document of its operations.")
    return [
        Operation(method.upper(), path, least(held[method], schemas))
        for path, held in paths.items()
        for method in METHODS
        if method in held
    ]


@live_probe("auth-private-by-default")
async def strangers_see_nothing(bench: Bench) -> None:
    """Call every operation without a token."""
    asked = 0
    for method, path, body in await operations(bench):
        if path.startswith(PUBLIC):
            continue
        asked += 1
        answer = await _call(bench, method, _filled(path, {}), body)
        if answer.status not in REFUSALS:
            bench.hold(f"{method} {path} is refused to a stranger", truth=False, got=answer.status)
    bench.within("Operations that refuse a stranger", asked, "operations", least=1)


async def _call(bench: Bench, method: str, path: str, body: object) -> Answer:
    return await bench.send(method, path, json=None if method == "GET" else body)


def _filled(path: str, known: dict[str, str]) -> str:
    """Return ``path`` with an id for each of its parameters: the known one, else one of nothing."""
    return "/".join(
        known.get(part, str(new_id())) if part.startswith("{") else part for part in path.split("/")
    )


@live_probe("auth-object-ownership")
async def households_are_kept_apart(bench: Bench) -> None:
    """Call every operation of one person's household as another, with ids that are really there."""
    owner, other = await bench.newcomer(), await bench.newcomer()
    books = await opened(bench, owner)
    made = await books.post(bench, books.transaction())
    known = {
        HOUSEHOLD: owner.household,
        "{account}": books.cash,
        "{transaction}": str(made.at("id")),
    }
    before = (await bench.get(f"{owner.home}/changes", by=owner)).at("seq")
    asked = 0
    for method, path, _ in await operations(bench):
        if HOUSEHOLD not in path:
            continue
        for where in _crossings(path, known, other.household):
            asked += 1
            body = None if method == "GET" else _body(method, path, books.transaction())
            answer = await bench.send(method, where, by=other, json=body)
            leaks = answer.status not in _harmless(method)
            if leaks or owner.household in answer.text or "Corner shop" in answer.text:
                bench.hold(f"{method} {path} tells nothing", truth=False, got=answer.status)
    bench.within("Operations tried on another's household", asked, "operations", least=1)
    after = (await bench.get(f"{owner.home}/changes", by=owner)).at("seq")
    bench.equal("Records of the household, before and after", after, before)


def _crossings(path: str, known: dict[str, str], own: str) -> Iterator[str]:
    """Yield the ways to reach for another's things: by their household, and by ids inside one's own."""
    yield _filled(path, known)
    if path.count("{") > 1:
        yield _filled(path, known | {HOUSEHOLD: own})


def _body(method: str, path: str, transaction: dict[str, object]) -> dict[str, object]:
    return transaction if method == "POST" and path.endswith("/transactions") else {}


def _harmless(method: str) -> frozenset[int]:
    """Return what tells nothing: a read finds nothing, a write may be refused for its body first."""
    return frozenset({NOTHING_THERE} if method == "GET" else {NOTHING_THERE, 403, 409, 422})


PROBES: Final[Sequence[Probe]] = (strangers_see_nothing, households_are_kept_apart)
