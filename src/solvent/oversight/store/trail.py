"""The journal of one household, read backwards as an audit trail, or forwards with its links."""

from datetime import datetime
from typing import NamedTuple
from uuid import UUID

from solvent.oversight.domain import TrailFilter
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class TrailRow(NamedTuple):
    """A record as it stands, with the name of the member who made it."""

    seq: int
    at: datetime
    actor: str
    person: str | None
    cause: str
    kind: str
    subject: UUID | None
    before: str | None
    after: str | None
    visibility: list[UUID]


class LinkedRow(NamedTuple):
    """A record with its links."""

    seq: int
    hash: str
    prev_hash: str
    content: str
    visibility: list[UUID]


class Trail:
    """The journal of one household."""

    NEWEST = sql("""
        select j.seq, j.at, j.actor, p.name, j.cause, j.kind, j.subject, j.before, j.after, j.visibility
          from journal j
          left join membership m
            on m.household_id = j.household_id and j.actor = 'person:' || m.person_id
          left join person p on p.id = m.person_id
         where j.household_id = $1 and j.seq < $2
           and ($3::text is null or j.actor = $3)
           and ($4::text is null or j.kind = $4)
           and ($5::uuid is null or j.subject = $5)
           and ($6::timestamptz is null or j.at >= $6)
           and ($7::timestamptz is null or j.at < $7)
           and not j.visibility && $8::uuid[]
         order by j.seq desc limit $9
    """)
    LINKED = sql("""
        select j.seq, encode(j.hash, 'hex'), encode(j.prev_hash, 'hex'), journal_content(j), j.visibility
          from journal j
         where j.household_id = $1 and j.seq > $2
         order by j.seq limit $3
    """)
    KINDS = sql("select distinct kind from journal where household_id = $1 order by kind")
    PEOPLE = sql("""
        select p.id, p.name from membership m join person p on p.id = m.person_id
         where m.household_id = $1 order by p.name
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def newest(
        self, wanted: TrailFilter, *, before: int, limit: int, unseen: list[UUID]
    ) -> list[TrailRow]:
        """Return at most ``limit`` records under ``before`` that fit, newest first.

        Those that touch an account of ``unseen`` are left out.
        """
        rows = await self._work.connection.fetch(
            self.NEWEST,
            self._work.household,
            before,
            None if wanted.person is None else f"person:{wanted.person}",
            wanted.kind,
            wanted.subject,
            wanted.first,
            wanted.last,
            unseen,
            limit,
        )
        return [TrailRow(*row) for row in rows]

    async def linked(self, *, since: int, limit: int) -> list[LinkedRow]:
        """Return at most ``limit`` records after ``since`` with what their hashes are made of."""
        rows = await self._work.connection.fetch(self.LINKED, self._work.household, since, limit)
        return [LinkedRow(*row) for row in rows]

    async def kinds(self) -> list[str]:
        """Return every kind that there is a record of."""
        return await self._work.column(self.KINDS, self._work.household)

    async def people(self) -> list[tuple[UUID, str]]:
        """Return the members, by name."""
        rows = await self._work.connection.fetch(self.PEOPLE, self._work.household)
        return [(row[0], row[1]) for row in rows]
