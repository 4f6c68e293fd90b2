"""A certification as a process does it: reach the installation, run the probes, clear up, report.

Beside the installation its own server is used where one answers, or one is started for the time
being. By URL only the outside is seen. Whatever ends the run, the disposable people go with it.
"""

import asyncio
import os
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import AsyncGenerator, Callable, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final

import httpx2

from solvent.entrypoints.databases import database_at
from solvent.entrypoints.installation import data_dir_of, place_of
from solvent.entrypoints.probing import probes_by_claim
from solvent.kernel.clock import Clock
from solvent.kernel.probe import Need, Someone
from solvent.readiness.bench import TIMEOUT_S, WorkBench
from solvent.readiness.catalogue import claims_of
from solvent.readiness.domain import (
    Attestation,
    Findings,
    NothingAnswers,
    Verdict,
    Waiver,
)
from solvent.readiness.inside import Inside
from solvent.readiness.operations.certify_installation import Commission, certify_installation
from solvent.readiness.people import DOMAIN, People
from solvent.runtime.database import OWNER, DatabaseAddress, connect
from solvent.runtime.door.passes import issue_pass
from solvent.runtime.environment import process_environment
from solvent.runtime.settinggroups import Settings
from solvent.runtime.systemclock import SystemClock

PROGRAM: Final = (sys.executable, "-m", "solvent.entrypoints.cli.main")
SERVE_LOG = "certify-serve.log"
READY_TIMEOUT_S = 90
STOP_TIMEOUT_S = 40
POLL_S = 0.1
LEFT_OVER_AGE = "2 hours"
"""Disposable people older than any run: whoever made them was interrupted."""

_CLEAR_HOUSEHOLDS = f"""
    delete from household h where exists (select from membership m join person p on p.id = m.person_id
           where m.household_id = h.id and p.email like '%@{DOMAIN}'
             and (p.id = any($1) or p.created_at < now() - interval '{LEFT_OVER_AGE}'))
       and not exists (select from membership m join person p on p.id = m.person_id
           where m.household_id = h.id and p.email not like '%@{DOMAIN}')
"""
_CLEAR_PEOPLE = f"""
    delete from person where email like '%@{DOMAIN}'
       and (id = any($1) or created_at < now() - interval '{LEFT_OVER_AGE}')
"""


@dataclass(frozen=True, slots=True)
class Examination:
    """What a run is asked to do."""

    profile: str = "quick"
    areas: tuple[str, ...] = ()
    drills: bool = False
    waivers: dict[str, Waiver] = field(default_factory=dict[str, Waiver])
    attestations: dict[str, Attestation] = field(default_factory=dict[str, Attestation])
    watch: Callable[[Verdict], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class Place:
    """Where the installation is: its address, and its inside when it stands here."""

    url: str
    settings: Settings | None = None
    address: DatabaseAddress | None = None
    tls: ssl.SSLContext | bool = True


@contextmanager
def standing_here(settings: Settings) -> Generator[Place]:
    """Lend the installation of ``settings``: as it is served already, or served for the block."""
    with _served(settings) as url, database_at(place_of(settings)) as address:
        yield Place(url, settings, address, ssl.create_default_context())


@contextmanager
def _served(settings: Settings) -> Generator[str]:
    http = settings.http
    own = f"http://{'localhost' if http.host in {'0.0.0.0', '::', '127.0.0.1'} else http.host}:{http.port}"  # noqa: S104 - compared, not bound
    for url in (settings.public_url, own):
        if answers(url):
            yield url
            return
    data_dir = data_dir_of(settings)
    data_dir.mkdir(parents=True, exist_ok=True)
    with (
        (data_dir / SERVE_LOG).open("wb") as log,
        subprocess.Popen(  # noqa: S603 - our own program
            [*PROGRAM, "serve", "--data-dir", str(data_dir)],
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        ) as process,
    ):
        try:
            _wait(process, own)
            yield own
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(STOP_TIMEOUT_S)


def _wait(process: "subprocess.Popen[bytes]", url: str) -> None:
    """Wait until what was started answers; refuse when it ended or takes too long."""
    end = time.monotonic() + READY_TIMEOUT_S
    while not answers(url):
        if process.poll() is not None or time.monotonic() > end:
            raise NothingAnswers(url)
        time.sleep(POLL_S)


def answers(url: str) -> bool:
    """Tell whether an installation is ready at ``url``."""
    try:
        with httpx2.Client(verify=ssl.create_default_context(), timeout=2) as client:
            return client.get(f"{url}/health/readiness").status_code == HTTPStatus.OK
    except (httpx2.HTTPError, OSError):
        return False


async def examine(place: Place, examination: Examination, clock: Clock | None = None) -> Findings:
    """Run the probes on the installation at ``place`` and return what they found."""
    clock = clock or SystemClock()
    client = httpx2.AsyncClient(base_url=place.url, timeout=TIMEOUT_S, verify=place.tls)
    async with client:
        return await examined(client, place, examination, clock)


async def examined(
    client: httpx2.AsyncClient, place: Place, examination: Examination, clock: Clock
) -> Findings:
    """Run the probes through ``client``."""
    began_at = clock.now()
    release = await _release(client, place.url)
    commission = Commission(
        claims_of(examination.areas),
        probes_by_claim(),
        frozenset(_granted(place, examination)),
        examination.waivers,
        examination.attestations,
    )
    verdicts: list[Verdict] = []
    pass_ = _passes(place, clock)
    async with disposable(client, place, pass_) as people:
        bench = WorkBench(client, clock=clock, people=people, inside=inside_of(place), pass_=pass_)
        async for verdict in certify_installation(bench, commission=commission):
            examination.watch(verdict)
            verdicts.append(verdict)
    return Findings(
        url=place.url,
        environment=str(place.settings.env) if place.settings else "seen from outside",
        release=release,
        profile=examination.profile,
        areas=examination.areas,
        drills=examination.drills,
        began_at=began_at,
        ended_at=clock.now(),
        verdicts=tuple(sorted(verdicts, key=lambda verdict: commission.place[verdict.claim.id])),
        left_behind=tuple(each.id for each in people.made),
    )


@asynccontextmanager
async def disposable(
    client: httpx2.AsyncClient, place: Place, pass_: Callable[[], str]
) -> AsyncGenerator[People]:
    """Lend disposable people, who are removed afterwards whatever happens."""
    people = People(client, pass_)
    try:
        yield people
    finally:
        await asyncio.shield(_clear(people, place.address))


async def _clear(people: People, address: DatabaseAddress | None) -> None:
    """Remove the people of this run, and what runs before it left."""
    if address is not None:
        await remove(address, people.made)
        people.made.clear()


async def remove(address: DatabaseAddress, made: Sequence[Someone]) -> None:
    """Remove disposable people and their households, as the role that owns the tables."""
    owner = await connect(address.owner, OWNER)
    try:
        async with owner.transaction():
            ids = [each.id for each in made]
            await owner.execute(_CLEAR_HOUSEHOLDS, ids)
            await owner.execute(_CLEAR_PEOPLE, ids)
    finally:
        await owner.close()


def inside_of(place: Place) -> Inside | None:
    """Return the inside of the installation, where it stands here."""
    if place.settings is None or place.address is None:
        return None
    environ = process_environment() | {"SOLVENT_DATA_DIR": str(place.settings.data_dir or "")}
    return Inside(place.settings, place.address, environ=environ, program=PROGRAM)


def _granted(place: Place, examination: Examination) -> Generator[Need]:
    """Yield what probes may count on in this run."""
    if place.address is not None:
        yield Need.INSTALLATION
    if place.url.startswith("https://"):
        yield Need.HTTPS
    if examination.profile == "full":
        yield Need.TIME
    if examination.drills:
        yield Need.DRILLS


def _passes(place: Place, clock: Clock) -> Callable[[], str]:
    """Return what makes passes through the limits, where the keys for them are at hand."""
    if place.settings is None:
        return lambda: ""
    keys = place.settings.secrets.keys
    return lambda: issue_pass(keys, clock.now())


async def _release(client: httpx2.AsyncClient, url: str) -> str:
    """Ask which release answers."""
    try:
        answer = await client.get("/health")
        return str(answer.json().get("release", "unknown"))
    except (httpx2.HTTPError, ValueError) as gone:
        raise NothingAnswers(url) from gone


def write(path: Path, text: str) -> None:
    """Write ``text`` to ``path``, whole or not at all."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)
