"""A unit of work: one transaction of the database, one scope, one clock.

Operations are handed a :class:`Work` and never commit; the edge that opened it does, when all went
well. Opening one is one question to the database, which checks the session, sets the scope that
row-level security holds every statement to, and says who is asking and at which seq the household is.
"""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg

from solvent.kernel.access import NO_ACCESS, PLAIN, Level, Role
from solvent.kernel.clock import Clock
from solvent.kernel.errors import NotAllowed, NotFound, Refusal
from solvent.runtime.database import Database, DatabaseUnavailable, PooledConnection
from solvent.runtime.journal import Journal
from solvent.runtime.moves import Moves
from solvent.runtime.origin import current_origin
from solvent.runtime.outcomes import OutcomeUnknown, refusal_of
from solvent.runtime.permit import NO_TOKEN, Permit
from solvent.runtime.scope import (
    NOBODY,
    Credential,
    NotLoggedIn,
    Scope,
    access_of,
    check_member,
    check_token,
)
from solvent.runtime.security import Discretion, Notes, SecurityJournal
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.statements import sql

T = TypeVar("T")

OPEN = sql("""
    select session_id, person_id, locale, role, seq, base_currency, time_zone, proved_at, multi_factor,
           others, granted, token_id, scopes, only_household, use_is_due
      from open_work($1, $2, $3, $4, $5)
""")
SCOPE = sql("""
    select set_scope($1, $2, 'owner', null, null)
""")
NAMES = sql("select set_config('solvent.names', $1, true)")
OUTSIDE = sql("select set_scope($1, $2, null, 0::smallint, null)")
MEMBER = sql("""
    select role, seq, base_currency, time_zone, others, granted from enter_household($1, $2)
""")
SCOPED_HOUSEHOLD = sql("select seq, base_currency, time_zone from household where id = $1")

BEYOND: Final = (
    "Your role in this household, or what you may do with this account, does not go that far. "
    "An owner can change it."
)

PROOF_WINDOW: Final = timedelta(minutes=10)
"""For how long a proof is recent, where no setting says otherwise."""


class Work:
    """One transaction, scoped to one person and at most one household."""

    def __init__(
        self,
        connection: PooledConnection,
        *,
        scope: Scope,
        clock: Clock,
        actor: str,
        cause: str,
        proof_window: timedelta = PROOF_WINDOW,
        notes: Notes | None = None,
    ) -> None:
        """Wrap an open transaction; :class:`Works` is the way to have one.

        ``notes`` is where security events go that whoever ends the transaction writes.
        """
        self.connection = connection
        self.scope = scope
        self.clock = clock
        self.actor = actor
        self.cause = cause
        self.proof_window = proof_window
        self.journal = Journal(self)
        self.security = SecurityJournal(self, notes or Notes(Discretion()))

    @property
    def household(self) -> UUID:
        """The household of this work; a bug if there is none."""
        if self.scope.household is None:
            raise RuntimeError("this work has no household")
        return self.scope.household

    @property
    def person(self) -> UUID:
        """The person of this work; a bug if there is none."""
        if self.scope.person is None:
            raise RuntimeError("this work has no person")
        return self.scope.person

    async def fetch(self, kind: type[T], statement: str, *arguments: object) -> list[T]:
        """Return all rows, each as ``kind(*columns)``."""
        return [kind(*row) for row in await self.connection.fetch(statement, *arguments)]

    async def one(self, kind: type[T], statement: str, *arguments: object) -> T | None:
        """Return the first row as ``kind(*columns)``, or None."""
        row = await self.connection.fetchrow(statement, *arguments)
        return None if row is None else kind(*row)

    async def value(self, statement: str, *arguments: object) -> Any:
        """Return the first column of the first row, or None."""
        return await self.connection.fetchval(statement, *arguments)

    async def column(self, statement: str, *arguments: object) -> list[Any]:
        """Return the first column of all rows."""
        return [row[0] for row in await self.connection.fetch(statement, *arguments)]

    async def execute(self, statement: str, *arguments: object) -> int:
        """Run a statement and return how many rows it touched."""
        status = await self.connection.execute(statement, *arguments)
        last = status.rpartition(" ")[2]
        return int(last) if last.isdigit() else 0

    async def execute_many(self, statement: str, rows: Iterable[Sequence[object]]) -> None:
        """Run a statement once for each of ``rows``."""
        await self.connection.executemany(statement, rows)

    async def copy(
        self, table: str, columns: Sequence[str], rows: Iterable[Sequence[object]]
    ) -> None:
        """COPY ``rows`` into a temporary table of this connection; the quickest way in."""
        await self.connection.copy_records_to_table(
            table, schema_name="pg_temp", columns=columns, records=rows
        )

    @asynccontextmanager
    async def naming(self) -> AsyncGenerator[None, None]:
        """See every name of a payee or tag in this block, so that none is made twice.

        Nobody is shown what is looked up here; who reads every account sees all names anyway.
        """
        if self.scope.access.reads_all:
            yield
            return
        await self.execute(NAMES, "all")
        yield
        await self.execute(NAMES, "")

    def require_level(self, level: Level) -> None:
        """Refuse whoever has ``level`` nowhere; what it is for is asked account by account."""
        if self.scope.access.highest < level:
            raise NotAllowed(BEYOND)

    def require_books(self) -> None:
        """Refuse whoever may not edit accounts in general: categories, payees, new accounts."""
        if self.scope.access.others < Level.EDIT:
            raise NotAllowed(BEYOND)

    async def enter_household(self, household: UUID, *, person: UUID | None = None) -> None:
        """Scope the rest of this work to ``household``, which it is making or has just made.

        A ``person`` who has just been made acts from now on.
        """
        acting = person or self.scope.person
        if person is not None:
            self.actor = f"person:{person}"
        await self.connection.execute(SCOPE, acting, household)
        row = await self.connection.fetchrow(SCOPED_HOUSEHOLD, household)
        seq, base_currency, time_zone = row if row is not None else (0, "", "UTC")
        self.scope = replace(
            self.scope,
            person=acting,
            household=household,
            role=Role.OWNER.value,
            seq=seq,
            base_currency=base_currency,
            time_zone=time_zone,
            access=PLAIN[Role.OWNER],
        )

    async def enter_as_member(self, household: UUID, *, person: UUID) -> None:
        """Scope the rest of this work to ``household``, as far as ``person`` may go there.

        Raises :class:`NotFound` when they are no member.
        """
        row = await self.connection.fetchrow(MEMBER, person, household)
        if row is None:
            raise NotFound("household")
        role, seq, base_currency, time_zone, *levels = row
        self.actor = f"person:{person}"
        self.scope = replace(
            self.scope,
            person=person,
            household=household,
            role=role,
            seq=seq,
            base_currency=base_currency,
            time_zone=time_zone,
            access=access_of(role, *levels),
        )

    async def stand_outside(self, household: UUID) -> None:
        """Scope the rest of this work to ``household`` as somebody who may only note something."""
        await self.connection.execute(OUTSIDE, self.scope.person, household)
        self.scope = replace(self.scope, household=household, role="", access=NO_ACCESS)


class Works:
    """Opens works on one database with one clock."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        *,
        proof_window: timedelta = PROOF_WINDOW,
        discretion: Discretion | None = None,
    ) -> None:
        """Use ``database`` and ``clock`` for every work; a proof is recent for ``proof_window``.

        Without ``discretion`` digests of what was tried mean nothing beyond these works.
        """
        self.database = database
        self.clock = clock
        self._proof_window = proof_window
        self._discretion = discretion or Discretion()
        self._moves = Moves(self._discretion.network)

    @asynccontextmanager
    async def for_nobody(self, *, cause: str) -> AsyncGenerator[Work, None]:
        """Open a work without a person: registration, log-in, refresh."""
        async with self._transaction() as (connection, notes):
            yield self._work(connection, notes, NOBODY, actor="nobody", cause=cause)

    @asynccontextmanager
    async def for_session(
        self,
        credential: Credential,
        household: UUID | None,
        *,
        cause: str,
        permit: Permit = NO_TOKEN,
    ) -> AsyncGenerator[Work, None]:
        """Open a work for the person that ``credential`` proves, in ``household`` if given.

        Raises :class:`NotLoggedIn`, :class:`NotFound` for a household that is not theirs, and
        :class:`TokenMayNot` for a personal access token without a scope of ``permit``.
        """
        async with self._transaction() as (connection, notes):
            scope = await self._scope(connection, credential, household)
            told = cause if scope.token is None else f"token:{scope.token}"
            actor = f"person:{scope.person}"
            work = self._work(connection, notes, scope, actor=actor, cause=told)
            if self._moves.moved(scope.session, current_origin(), self.clock.now()):
                work.security.note(SecurityKind.SESSION_MOVED)
            try:
                check_member(scope)
                check_token(scope, permit)
                yield work
            except Refusal as refusal:
                if refusal.denies:
                    work.security.note(
                        SecurityKind.ACCESS_REFUSED,
                        subject=household,
                        facts={"code": refusal.code, "thing": refusal.facts.get("thing")},
                    )
                raise

    async def glance(
        self, credential: Credential, household: UUID, *, permit: Permit = NO_TOKEN
    ) -> Scope:
        """Return the scope that a work for ``credential`` would have, without opening one.

        One question to the database: enough to tell whether an answer given before still holds.
        """
        async with self.database.connection() as connection:
            try:
                scope = await self._scope(connection, credential, household)
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as gone:
                raise DatabaseUnavailable from gone
        check_member(scope)
        check_token(scope, permit)
        return scope

    async def _scope(
        self,
        connection: PooledConnection,
        credential: Credential,
        household: UUID | None,
    ) -> Scope:
        """Ask who ``credential`` proves to be; without a role ``household`` is not theirs."""
        row = await connection.fetchrow(
            OPEN,
            credential.session,
            credential.token_digest,
            credential.personal_digest,
            household,
            self.clock.now(),
        )
        if row is None:
            raise NotLoggedIn
        allowed = None if row["token_id"] is None else frozenset[str](row["scopes"])
        return Scope(
            row["person_id"],
            row["session_id"],
            household,
            row["role"] or "",
            row["seq"] or 0,
            row["base_currency"] or "",
            row["time_zone"] or "UTC",
            row["locale"],
            access_of(row["role"], row["others"], row["granted"]),
            proved_at=row["proved_at"],
            multi_factor=bool(row["multi_factor"]),
            token=row["token_id"],
            allowed=allowed,
            only_household=row["only_household"],
            use_is_due=bool(row["use_is_due"]),
        )

    @asynccontextmanager
    async def for_machine(
        self, household: UUID | None, *, cause: str
    ) -> AsyncGenerator[Work, None]:
        """Open a work for a command or a job on this machine, in ``household`` if given."""
        async with self._transaction() as (connection, notes):
            work = self._work(connection, notes, NOBODY, actor=f"machine:{cause}", cause=cause)
            if household is not None:
                await work.enter_household(household)
                if not work.scope.base_currency:
                    raise NotFound("household")
            yield work

    @asynccontextmanager
    async def for_member(
        self, household: UUID, *, person: UUID, cause: str
    ) -> AsyncGenerator[Work, None]:
        """Open a work that does for ``person`` what they asked for, as far as they may go now."""
        async with self._transaction() as (connection, notes):
            work = self._work(connection, notes, NOBODY, actor=f"person:{person}", cause=cause)
            await work.enter_as_member(household, person=person)
            yield work

    def _work(
        self, connection: PooledConnection, notes: Notes, scope: Scope, *, actor: str, cause: str
    ) -> Work:
        return Work(
            connection,
            scope=scope,
            clock=self.clock,
            actor=actor,
            cause=cause,
            proof_window=self._proof_window,
            notes=notes,
        )

    @asynccontextmanager
    async def _transaction(self) -> AsyncGenerator[tuple[PooledConnection, Notes], None]:
        """Commit when the block ends well; say so when nobody can know whether it was kept."""
        notes = Notes(self._discretion)
        async with self.database.connection() as connection:
            transaction = connection.transaction()
            try:
                await transaction.start()
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as gone:
                raise DatabaseUnavailable from gone
            try:
                yield connection, notes
                await notes.write(connection)
            except BaseException as error:
                if not connection.is_closed():
                    await transaction.rollback()
                    await notes.write_outlasting(connection)
                refusal = refusal_of(error)
                if refusal is not None:
                    raise refusal from error
                raise
            try:
                await transaction.commit()
            except (OSError, asyncpg.PostgresConnectionError, asyncpg.InterfaceError) as lost:
                raise OutcomeUnknown from lost
