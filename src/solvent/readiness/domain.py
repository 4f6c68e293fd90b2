"""Claims, outcomes and the score: what a report on an installation is made of."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from solvent.kernel.errors import Refusal
from solvent.kernel.probe import Kind

VALIDITY = timedelta(days=30)
"""How long a report may be relied on."""
READY_PERCENT_MIN = 90.0
"""Least score of an installation that is ready."""


class Outcome(StrEnum):
    """What became of a claim."""

    PROVED = "proved"
    FAILED = "failed"
    UNPROVED = "unproved"
    WAIVED = "waived"
    NOT_APPLICABLE = "not applicable"


class Dimension(StrEnum):
    """What a claim is about: that it works, is safe, is quick, and fits with the rest."""

    WORKS = "works"
    SECURE = "secure"
    FAST = "fast"
    INTEGRATED = "integrated"


class BadRecord(Refusal):
    """A file of waivers, of attestations or of a report that cannot be used."""

    code = "readiness.bad_record"


class UnknownArea(Refusal):
    """No claim belongs to an area of that name."""

    code = "readiness.unknown_area"

    def __init__(self, name: str, known: Iterable[str]) -> None:
        """Name those that there are."""
        super().__init__(f"There is no area “{name[:40]}”. Areas are {', '.join(sorted(known))}.")


class NothingAnswers(Refusal):
    """No installation answers at the address."""

    code = "readiness.nothing_answers"

    def __init__(self, url: str) -> None:
        """Name the address."""
        super().__init__(f"Nothing answers at {url}. Start it, or name another with --url.")


@dataclass(frozen=True, slots=True)
class Claim:
    """One thing that must hold of an installation; ``not_built`` names a subject that is not there."""

    id: str
    area: str
    claim: str
    kind: Kind
    component: str
    dimensions: tuple[Dimension, ...]
    weight: int
    blocker: bool = False
    decision: str = ""
    not_built: str = ""


@dataclass(frozen=True, slots=True)
class Evidence:
    """One step of a probe: what was asked or held, what came back, and whether that held."""

    what: str
    got: str
    held: bool | None = None
    figure: float | None = None
    unit: str = ""
    least: float | None = None
    most: float | None = None


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one claim, why, and on which evidence."""

    claim: Claim
    outcome: Outcome
    at: datetime
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()
    ms: float = 0.0


@dataclass(frozen=True, slots=True)
class Waiver:
    """Somebody's word that a claim may stay open until a day."""

    claim: str
    name: str
    reason: str
    expires: date


@dataclass(frozen=True, slots=True)
class Attestation:
    """Somebody's record for a claim that no program can prove; one made by a test never counts."""

    claim: str
    who: str
    on: date
    document_sha256: str
    expires: date
    by_test: bool = False


@dataclass(frozen=True, slots=True)
class Score:
    """Weight of what is proved, out of the weight of what applies."""

    proved: int
    of: int

    @property
    def percent(self) -> float:
        """The share, with one digit; nothing out of nothing is nothing."""
        return round(100 * self.proved / self.of, 1) if self.of else 0.0


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the matrix: a component seen from one side."""

    component: str
    dimension: Dimension
    score: Score
    failed: int


@dataclass(frozen=True, slots=True)
class Findings:
    """Everything that one run found out about one installation."""

    url: str
    environment: str
    release: str
    profile: str
    areas: tuple[str, ...]
    drills: bool
    began_at: datetime
    ended_at: datetime
    verdicts: tuple[Verdict, ...]
    left_behind: tuple[str, ...] = field(default=())

    @property
    def valid_until(self) -> datetime:
        """When the report is to be made anew."""
        return self.ended_at + VALIDITY


def score_of(verdicts: Iterable[Verdict]) -> Score:
    """Weigh what is proved against everything that applies: unproved and waived count as nothing."""
    proved = of = 0
    for verdict in verdicts:
        if verdict.outcome is not Outcome.NOT_APPLICABLE:
            of += verdict.claim.weight
            proved += verdict.claim.weight if verdict.outcome is Outcome.PROVED else 0
    return Score(proved, of)


def built(verdicts: Iterable[Verdict]) -> Iterator[Verdict]:
    """Yield the verdicts on claims whose subject is there."""
    return (verdict for verdict in verdicts if not verdict.claim.not_built)


def objections(verdicts: Sequence[Verdict]) -> Iterator[str]:
    """Yield why an installation is not ready; nothing when it is."""
    for verdict in verdicts:
        open_ = verdict.outcome in {Outcome.FAILED, Outcome.UNPROVED, Outcome.WAIVED}
        if verdict.claim.blocker and open_:
            yield f"{verdict.claim.id} is {verdict.outcome}, and nothing is ready without it."
        elif verdict.outcome is Outcome.FAILED:
            yield f"{verdict.claim.id} failed: {verdict.reason}"
    percent = score_of(verdicts).percent
    if percent < READY_PERCENT_MIN:
        yield f"The score is {percent} %, and {READY_PERCENT_MIN:.0f} % are needed."


def matrix(verdicts: Sequence[Verdict]) -> list[Cell]:
    """Return the cells that hold a claim, by component and dimension."""
    grouped: dict[tuple[str, Dimension], list[Verdict]] = {}
    for verdict in verdicts:
        for dimension in verdict.claim.dimensions:
            grouped.setdefault((verdict.claim.component, dimension), []).append(verdict)
    return [
        Cell(
            component,
            dimension,
            score_of(held),
            sum(verdict.outcome is Outcome.FAILED for verdict in held),
        )
        for (component, dimension), held in sorted(grouped.items())
    ]


def changed(
    verdicts: Iterable[Verdict], before: Mapping[str, str]
) -> Iterator[tuple[str, str, str]]:
    """Yield id, earlier and present outcome of each claim that both runs asked and that differs."""
    for verdict in verdicts:
        was = before.get(verdict.claim.id)
        if was is not None and was != verdict.outcome:
            yield verdict.claim.id, was, str(verdict.outcome)
