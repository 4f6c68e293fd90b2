"""The journal of one household: every change is one numbered, chained record.

The number and the chain are made by the database (a trigger that holds the household's row), so no
writer can leave a gap or forge a link. Records are read back by whoever needs them: the audit trail,
undo, delta sync, cache validity. Amounts stand in ``before`` and ``after`` and never in a log.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, TypeVar
from uuid import UUID

import msgspec

from solvent.kernel.clock import Clock
from solvent.kernel.invariant import Invariant
from solvent.runtime.statements import sql

T = TypeVar("T")

CHANGES_MAX = 1_000

HIDDEN = "hidden"


class _Executes(Protocol):
    """The part of a ``Work`` that a journal needs."""

    @property
    def household(self) -> UUID: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def actor(self) -> str: ...

    @property
    def cause(self) -> str: ...

    async def value(self, statement: str, *arguments: object) -> object: ...

    async def fetch(self, kind: type[T], statement: str, *arguments: object) -> list[T]: ...


@dataclass(frozen=True, slots=True)
class JournalRecord:
    """One change: ``before`` and ``after`` are JSON texts, or None where there is none."""

    seq: int
    at: datetime
    actor: str
    cause: str
    kind: str
    subject: UUID | None
    before: str | None
    after: str | None
    visibility: list[UUID]


class Journal:
    """Appends to and reads the journal of the household that the ``Work`` is scoped to."""

    APPEND = sql("""
        insert into journal (household_id, at, actor, cause, kind, subject, before, after, visibility)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        returning seq
    """)
    HOLD = sql("select true from household where id = $1 for no key update")
    SINCE = sql("""
        select seq, at, actor, cause, kind, subject, before, after, visibility
          from journal
         where household_id = $1 and seq > $2
         order by seq limit $3
    """)
    ONE = sql("""
        select seq, at, actor, cause, kind, subject, before, after, visibility
          from journal
         where household_id = $1 and seq = $2
    """)
    OF_SUBJECT = sql("""
        select seq, at, actor, cause, kind, subject, before, after, visibility
          from journal
         where household_id = $1 and subject = $2
         order by seq desc limit $3
    """)

    def __init__(self, work: _Executes) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def note(
        self,
        kind: str,
        *,
        subject: UUID | None = None,
        before: Mapping[str, object] | None = None,
        after: Mapping[str, object] | None = None,
        visibility: Sequence[UUID] = (),
    ) -> int:
        """Append one record and return its seq; the household is held until the end of the work.

        ``visibility`` names the accounts touched; none means that every member may see it.
        """
        seq = await self._work.value(
            self.APPEND,
            self._work.household,
            self._work.clock.now(),
            self._work.actor,
            self._work.cause,
            kind,
            subject,
            _json(before),
            _json(after),
            sorted(set(visibility)),
        )
        if not isinstance(seq, int):
            raise TypeError("the journal gave no number")
        return seq

    async def hold(self) -> None:
        """Hold the household against other writers until the end of the work.

        The first note does so too. A work that locks or decides on anything before its first note
        holds the household first: everybody who waits then waits in the same order.
        """
        await self._work.value(self.HOLD, self._work.household)

    async def since(self, seq: int, *, limit: int) -> list[JournalRecord]:
        """Return at most ``limit`` records after ``seq``, oldest first."""
        size = min(limit, CHANGES_MAX)
        return await self._work.fetch(JournalRecord, self.SINCE, self._work.household, seq, size)

    async def one(self, seq: int) -> JournalRecord | None:
        """Return the record numbered ``seq``, if there is one."""
        found = await self._work.fetch(JournalRecord, self.ONE, self._work.household, seq)
        return found[0] if found else None

    async def of(self, subject: UUID, *, limit: int = 50) -> list[JournalRecord]:
        """Return the newest records about ``subject``, newest first."""
        return await self._work.fetch(
            JournalRecord, self.OF_SUBJECT, self._work.household, subject, min(limit, CHANGES_MAX)
        )


def _json(facts: Mapping[str, object] | None) -> str | None:
    return None if facts is None else msgspec.json.encode(facts).decode()


JOURNAL_IS_GAPLESS = Invariant(
    code="journal.gapless",
    why="Each household's journal counts 1, 2, 3 … up to the household's own seq.",
    offenders="""
        select h.id as household_id, h.seq, count(j.seq) as records, max(j.seq) as last
          from household h
          left join journal j on j.household_id = h.id
          left join (select household_id, max(seq) as retired from journal_checkpoint group by 1) c
            on c.household_id = h.id
         group by h.id, h.seq, c.retired
        having count(j.seq) <> h.seq - coalesce(c.retired, 0)
            or coalesce(max(j.seq), c.retired, 0) <> h.seq""",
)

JOURNAL_CHAINS = Invariant(
    code="journal.chains",
    why="Each record holds the hash of the one before it, and its own hash is that of its content.",
    offenders="""
        select household_id, seq
          from (select j.household_id, j.seq, j.hash, j.prev_hash, journal_hash(j) as computed,
                       coalesce(lag(j.hash) over (partition by j.household_id order by j.seq), c.hash,
                                '\\x'::bytea) as expected
                  from journal j
                  left join journal_checkpoint c
                    on c.household_id = j.household_id and c.seq = j.seq - 1) chained
         where hash <> computed or prev_hash <> expected""",
)

JOURNAL_HEAD = Invariant(
    code="journal.head",
    why="The household's head is the hash of its newest record.",
    offenders="""
        select h.id as household_id, h.seq
          from household h
          left join journal j on j.household_id = h.id and j.seq = h.seq
          left join journal_checkpoint c on c.household_id = h.id and c.seq = h.seq
         where h.head <> coalesce(j.hash, c.hash, '\\x'::bytea)""",
)

INVARIANTS = (JOURNAL_IS_GAPLESS, JOURNAL_CHAINS, JOURNAL_HEAD)
