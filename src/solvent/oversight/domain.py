"""Records of a trail as a reader sees them, and what they can be looked for by."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from solvent.kernel.errors import Refusal

PAGE_RECORDS_MAX = 1_000
EXPORT_RECORDS_MAX = 10_000
SEQ_LAST = 2**62


class ExportRefused(Refusal):
    """Only somebody who may read all of a household may carry its journal away."""

    code = "oversight.export_refused"
    denies = True

    def __init__(self) -> None:
        """Say who may."""
        super().__init__(
            "The audit trail is exported by an owner or editor who reads all accounts."
        )


@dataclass(frozen=True, slots=True)
class TrailFilter:
    """What to look for; None does not narrow. ``first`` and ``last`` are instants, ``last`` excluded."""

    person: UUID | None = None
    kind: str | None = None
    subject: UUID | None = None
    first: datetime | None = None
    last: datetime | None = None


@dataclass(frozen=True, slots=True)
class TrailRecord:
    """One record; ``before`` and ``after`` are JSON texts. A hidden one has its seq and that kind."""

    seq: int
    kind: str
    at: datetime | None = None
    actor: str | None = None
    person: str | None = None
    cause: str | None = None
    subject: UUID | None = None
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class LinkedRecord:
    """One record as an auditor checks it: ``hash`` is the SHA-256 of ``content``, in hex.

    A record that the reader may not see has its hash and no content.
    """

    seq: int
    hash: str
    prev_hash: str
    content: str | None


@dataclass(frozen=True, slots=True)
class Activity:
    """One security event of the reader's own; ``facts`` are a JSON text."""

    seq: int
    at: datetime
    kind: str
    network: str | None
    agent: str
    session: UUID | None
    facts: str


@dataclass(frozen=True, slots=True)
class KnownPerson:
    """Somebody as operators see them: who they are and whether they may come in."""

    id: UUID
    email: str
    name: str
    created_at: datetime
    operator: bool
    disabled: bool
    sessions: int


@dataclass(frozen=True, slots=True)
class KnownHousehold:
    """A household as operators see it: how large it is, and nothing of what it holds."""

    id: UUID
    name: str
    created_at: datetime
    members: int
    records: int


@dataclass(frozen=True, slots=True)
class KnownEvent:
    """A security event as operators see it; ``facts`` are a JSON text."""

    seq: int
    at: datetime
    kind: str
    person: UUID | None
    email: str | None
    actor: str
    cause: str
    request_id: str
    network: str | None
    agent: str
    facts: str


@dataclass(frozen=True, slots=True)
class Overview:
    """How much there is of what operators look after; alerts and failed log-ins of seven days."""

    people: int
    disabled: int
    operators: int
    sessions: int
    households: int
    alerts: int
    failed_logins: int
    waiting_jobs: int
    failed_jobs: int
