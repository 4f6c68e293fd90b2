"""The files of one household: what they are, their content in chunks, and what became of them."""

import zlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import BinaryIO, NamedTuple
from uuid import UUID

from solvent.kernel.access import Level
from solvent.kernel.errors import NotAllowed, NotFound
from solvent.runtime.statements import sql
from solvent.runtime.work import BEYOND, Work

CHUNK_BYTES = 1024 * 1024
COMPRESSION = 1


@dataclass(frozen=True, slots=True)
class SourceRecord:
    """One file; ``mapping``, ``preview`` and ``result`` are JSON texts."""

    id: UUID
    name: str
    format: str
    digest: bytes
    bytes: int
    state: str
    account: UUID | None
    mapping: str | None
    preview: str
    result: str | None
    created_at: datetime
    created_by: str


class ProgressRow(NamedTuple):
    """How far a running import is, in rows."""

    stage: str
    done: int
    total: int


class Sources:
    """The files of the household that ``work`` is scoped to."""

    ADD = sql("""
        insert into source (household_id, id, name, format, digest, bytes, state, account_id, mapping, preview,
                            created_at, created_by)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
    """)
    ADD_CHUNK = sql("""
        insert into source_chunk (household_id, source_id, ordinal, content) values ($1, $2, $3, $4)
    """)
    CHUNK = sql("""
        select content from source_chunk where household_id = $1 and source_id = $2 and ordinal = $3
    """)
    ONE = sql("""
        select id, name, format, digest, bytes, state, account_id, mapping, preview, result, created_at, created_by
          from source where household_id = $1 and id = $2
    """)
    EDITABLE = sql("""
        select scope_highest() = 4 and least_level(accounts) = 4 from source where household_id = $1 and id = $2
    """)
    LOCKED = sql("""
        select id, name, format, digest, bytes, state, account_id, mapping, preview, result, created_at, created_by
          from source where household_id = $1 and id = $2 for update
    """)
    SEEN = sql("""
        select id, name, format, digest, bytes, state, account_id, mapping, preview, result, created_at, created_by
          from source
         where household_id = $1 and digest = $2 and state = 'committed'
           and (account_id = $3 or $3::uuid is null)
         order by created_at desc limit 1
    """)
    NEWEST = sql("""
        select id, name, format, digest, bytes, state, account_id, mapping, preview, result, created_at, created_by
          from source
         where household_id = $1 and (created_at, id) < ($2, $3)
         order by created_at desc, id desc limit $4
    """)
    SETTLE = sql("""
        update source set state = $3, account_id = $4, mapping = $5, result = $6, accounts = coalesce($7, accounts)
         where household_id = $1 and id = $2
    """)
    SET_STATE = sql("update source set state = $3 where household_id = $1 and id = $2")
    ANSWER = sql("""
        update source set account_id = $3, mapping = $4, preview = $5 where household_id = $1 and id = $2
    """)
    ADD_CLOSING = sql("""
        insert into closing_balance (household_id, source_id, account_id, on_day, amount_minor, currency)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (household_id, source_id, account_id) do nothing
    """)
    DROP_CLOSINGS = sql("delete from closing_balance where household_id = $1 and source_id = $2")
    PROGRESS = sql(
        "select stage, done, total from import_progress where household_id = $1 and source_id = $2"
    )
    REPORT = sql("""
        insert into import_progress (household_id, source_id, stage, done, total, at)
        values ($1, $2, $3, $4, $5, $6)
        on conflict (household_id, source_id)
        do update set stage = excluded.stage, done = excluded.done, total = excluded.total, at = excluded.at
    """)

    FORGET_PROGRESS = sql("delete from import_progress where household_id = $1 and source_id = $2")

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def add(self, record: SourceRecord, file: BinaryIO) -> None:
        """Keep a file and its content, compressed chunk by chunk."""
        household = self._work.household
        await self._work.execute(
            self.ADD,
            household,
            record.id,
            record.name,
            record.format,
            record.digest,
            record.bytes,
            record.state,
            record.account,
            record.mapping,
            record.preview,
            record.created_at,
            record.created_by,
        )
        file.seek(0)
        ordinal = 0
        while chunk := file.read(CHUNK_BYTES):
            content = zlib.compress(chunk, COMPRESSION)
            await self._work.execute(self.ADD_CHUNK, household, record.id, ordinal, content)
            ordinal += 1
        file.seek(0)

    async def content(self, source: UUID) -> AsyncIterator[bytes]:
        """Yield the file again, in pieces."""
        ordinal = 0
        while True:
            content: bytes | None = await self._work.value(
                self.CHUNK, self._work.household, source, ordinal
            )
            if content is None:
                return
            yield zlib.decompress(content)
            ordinal += 1

    async def one(self, source: UUID) -> SourceRecord:
        """Return one file; refuse when it is not there."""
        found = await self._work.one(SourceRecord, self.ONE, self._work.household, source)
        if found is None:
            raise NotFound("import")
        return found

    async def locked(self, source: UUID) -> SourceRecord:
        """Return one file, held against change by others; refuse when it is not there.

        Refuse too when it went to accounts that the person of the work may not edit.
        """
        if self._work.scope.access.lowest < Level.EDIT:
            await self.one(source)
            if not await self._work.value(self.EDITABLE, self._work.household, source):
                raise NotAllowed(BEYOND)
        found = await self._work.one(SourceRecord, self.LOCKED, self._work.household, source)
        if found is None:
            raise NotFound("import")
        return found

    async def seen(self, digest: bytes, account: UUID | None) -> SourceRecord | None:
        """Return the committed import of the very same file, if there is one."""
        return await self._work.one(SourceRecord, self.SEEN, self._work.household, digest, account)

    async def newest(self, before: tuple[datetime, UUID], limit: int) -> list[SourceRecord]:
        """Return at most ``limit`` files older than ``before``, newest first."""
        return await self._work.fetch(
            SourceRecord, self.NEWEST, self._work.household, *before, limit
        )

    async def settle(
        self,
        source: UUID,
        state: str,
        *,
        account: UUID | None,
        mapping: str | None,
        result: str | None,
        accounts: list[UUID] | None = None,
    ) -> None:
        """Write what became of a file, or that nothing has yet; ``accounts`` are those it went to."""
        household = self._work.household
        await self._work.execute(
            self.SETTLE, household, source, state, account, mapping, result, accounts
        )

    async def set_state(self, source: UUID, state: str) -> None:
        """Write where a file stands."""
        await self._work.execute(self.SET_STATE, self._work.household, source, state)

    async def answer(
        self, source: UUID, *, account: UUID | None, mapping: str | None, preview: str
    ) -> None:
        """Keep what a person has answered, and the preview that follows from it."""
        await self._work.execute(
            self.ANSWER, self._work.household, source, account, mapping, preview
        )

    async def add_closing(
        self, source: UUID, account: UUID, on: date, minor: int, currency: str
    ) -> None:
        """Keep a closing balance that the file states."""
        await self._work.execute(
            self.ADD_CLOSING, self._work.household, source, account, on, minor, currency
        )

    async def drop_closings(self, source: UUID) -> None:
        """Forget the closing balances of a file that is taken back."""
        await self._work.execute(self.DROP_CLOSINGS, self._work.household, source)

    async def progress(self, source: UUID) -> ProgressRow | None:
        """Return how far a running import is, or None."""
        return await self._work.one(ProgressRow, self.PROGRESS, self._work.household, source)

    async def report(self, source: UUID, progress: ProgressRow) -> None:
        """Write how far the import is; for a work of its own, so that others see it at once."""
        await self._work.execute(
            self.REPORT, self._work.household, source, *progress, self._work.clock.now()
        )

    async def forget_progress(self, source: UUID) -> None:
        """Forget how far an import was that runs no longer."""
        await self._work.execute(self.FORGET_PROGRESS, self._work.household, source)
