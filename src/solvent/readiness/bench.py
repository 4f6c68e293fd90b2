"""The bench: carries out what a probe asks of an installation, and keeps it as evidence.

Evidence never shows a secret: what was sent is named by method and address, what came back is
redacted, and the tokens and passwords of disposable people are taken out wherever they stand.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from http import HTTPStatus
from typing import Any

import httpx2

from solvent.kernel.clock import Clock
from solvent.kernel.probe import Answer, Installation, Someone, Unproved
from solvent.readiness.domain import Evidence
from solvent.readiness.people import People
from solvent.readiness.wire import Wire, exchange
from solvent.runtime.door.passes import HEADER as PASS_HEADER
from solvent.runtime.redaction import redact

TIMEOUT_S = 30.0
SHOWN_CHARS_MAX = 400
EVIDENCE_MAX = 60
"""Most steps kept of one probe; what is held is kept beyond."""
NOT_LOCAL = "This can only be seen on the installation itself."


def _no_pass() -> str:
    """Return no pass: without the keys of an installation nobody makes one."""
    return ""


class WorkBench:
    """The bench of one run; each probe gets its own ``for_probe``."""

    def __init__(
        self,
        client: httpx2.AsyncClient,
        *,
        clock: Clock,
        people: People,
        inside: Installation | None = None,
        pass_: Callable[[], str] = _no_pass,
        wire: Wire = exchange,
    ) -> None:
        """Work on the installation that ``client`` reaches; ``inside`` where it stands here."""
        self._client = client
        self._clock = clock
        self._people = people
        self._inside = inside
        self._pass = pass_
        self._wire = wire
        self.evidence: list[Evidence] = []
        self.left_out = 0

    def for_probe(self) -> "WorkBench":
        """Return a bench for one probe, with no evidence on it yet."""
        return WorkBench(
            self._client,
            clock=self._clock,
            people=self._people,
            inside=self._inside,
            pass_=self._pass,
            wire=self._wire,
        )

    @property
    def url(self) -> str:
        """Where the installation answers."""
        return str(self._client.base_url).rstrip("/")

    @property
    def clock(self) -> Clock:
        """What time it is."""
        return self._clock

    @property
    def installation(self) -> Installation:
        """The inside of the installation; :class:`Unproved` where it is out of reach."""
        if self._inside is None:
            raise Unproved(NOT_LOCAL)
        return self._inside

    async def send(
        self,
        method: str,
        path: str,
        *,
        by: Someone | None = None,
        headers: Mapping[str, str] | None = None,
        json: object = None,
        content: bytes | None = None,
        form: Mapping[str, str] | None = None,
        file: tuple[str, bytes] | None = None,
    ) -> Answer:
        """Send a request and keep it as evidence."""
        own = {} if by is None else {"authorization": f"Bearer {by.access_token}"}
        body: dict[str, Any] = {
            "json": json,
            "content": content,
            "data": form,
            "files": None if file is None else {"file": file},
        }
        answer = await self._sent(
            method, path, {PASS_HEADER: self._pass()} | own | dict(headers or {}), body
        )
        said = f", saying {', '.join(headers)}" if headers else ""
        asker = "with a person's token" if by else "as nobody"
        self._keep(Evidence(f"{method} {path} {asker}{said}", self._told(answer)))
        return answer

    async def _sent(
        self, method: str, path: str, headers: dict[str, str], body: dict[str, Any]
    ) -> Answer:
        given = {name: value for name, value in body.items() if value is not None}
        began = time.perf_counter()
        try:
            got = await self._client.request(method, path, headers=headers, **given)
        except httpx2.HTTPError as gone:
            raise Unproved(f"{method} {path} had no answer: {type(gone).__name__}.") from gone
        finally:
            self._client.cookies.clear()
        ms = (time.perf_counter() - began) * 1000
        raw = tuple(
            (name.decode("latin-1"), value.decode("latin-1")) for name, value in got.headers.raw
        )
        return Answer(got.status_code, raw, got.content, ms)

    async def get(
        self, path: str, *, by: Someone | None = None, headers: Mapping[str, str] | None = None
    ) -> Answer:
        """Send a GET."""
        return await self.send("GET", path, by=by, headers=headers)

    async def wire(self, *parts: bytes) -> Answer:
        """Send raw bytes and keep it as evidence."""
        answer = await self._wire(self._client.base_url, parts)
        self._keep(Evidence(f"{sum(map(len, parts))} bytes on the wire", self._told(answer)))
        return answer

    async def someone(self) -> Someone:
        """Return the disposable person that probes share."""
        return await self._people.shared()

    async def newcomer(self, password: str = "") -> Someone:
        """Make a disposable person."""
        made = await self._people.newcomer(password)
        self.note("A disposable person is made", made.id)
        return made

    async def log_in(self, who: Someone) -> Someone:
        """Log ``who`` in once more."""
        answer = await self.send(
            "POST", "/api/v1/auth/login", json={"email": who.email, "password": who.password}
        )
        if answer.status != HTTPStatus.OK:
            raise Unproved(f"A disposable person could not log in: {answer.status} {answer.code}.")
        pair = answer.json
        self._people.hide(pair["access_token"], pair["refresh_token"])
        return replace(who, access_token=pair["access_token"], refresh_token=pair["refresh_token"])

    def hold(self, statement: str, truth: object, got: object = "") -> bool:
        """Hold that ``truth`` is true."""
        held = bool(truth)
        self._keep(Evidence(statement, self._shown(got), held))
        return held

    def equal(self, what: str, got: object, wanted: object) -> bool:
        """Hold that ``got`` equals ``wanted``."""
        seen = got if got == wanted else f"{got}, and not {wanted}"
        return self.hold(what, got == wanted, seen)

    def within(
        self,
        what: str,
        figure: float,
        unit: str,
        *,
        least: float | None = None,
        most: float | None = None,
    ) -> bool:
        """Hold that ``figure`` lies within its limits."""
        held = (least is None or figure >= least) and (most is None or figure <= most)
        self._keep(Evidence(what, f"{figure:g} {unit}", held, round(figure, 4), unit, least, most))
        return held

    def note(self, what: str, got: object = "") -> None:
        """Keep something that proves nothing by itself."""
        self._keep(Evidence(what, self._shown(got)))

    def _keep(self, evidence: Evidence) -> None:
        if evidence.held is None and len(self.evidence) >= EVIDENCE_MAX:
            self.left_out += 1
        else:
            self.evidence.append(replace(evidence, what=self._shown(evidence.what)))

    def _told(self, answer: Answer) -> str:
        """Say what came back in one line."""
        kind = answer.header("content-type").partition(";")[0]
        facts = [str(answer.status), kind, answer.code]
        return self._shown(" ".join(fact for fact in facts if fact) + f" in {answer.ms:.1f} ms")

    def _shown(self, seen: object) -> str:
        text = self._people.hidden_in(str(seen))
        return redact(text if len(text) <= SHOWN_CHARS_MAX else text[:SHOWN_CHARS_MAX] + "…")
