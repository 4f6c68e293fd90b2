"""A unit of work: one transaction of the database, one scope, one clock.

Operations are handed a :class:`Work` and never commit; the edge that opened it does, when all went
well. Opening one is one question to the database, which checks the session, sets the scope that
row-level security holds every statement to, and says who is asking and at which seq the household is.
"""

from collections.abc import AsyncGenerator, Iterable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final, TypeVar
from uuid import UUID

import asyncpg
import msgspec

from solvent.kernel.access import NO_ACCESS, PLAIN, Access, Level, Role
from solvent.kernel.clock import Clock
from solvent.kernel.errors import NotFound, Refusal
from solvent.runtime.database import Database, DatabaseUnavailable, PooledConnection
from solvent.runtime.journal import Journal
from solvent.runtime.moves import Moves
from solvent.runtime.origin import current_origin
from solvent.runtime.outcomes import OutcomeUnknown, refusal_of
from solvent.runtime.permit import NO_TOKEN, Permit, TokenMayNot
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
SCOPED_HOUSEHOLD = sql("select seq, base_currency, time_zone from household where id = $1")

PROOF_WINDOW: Final = timedelta(minutes=10)
"""For how long a proof is recent, where no setting says otherwise."""


class NotLoggedIn(Refusal):
    """Nobody is logged in: the credential is missing, ended or expired."""

    code = "identity.not_logged_in"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__("You are not logged in, or your session has ended. Please log in again.")


@dataclass(frozen=True, slots=True)
class Credential:
    """What a request presents.

    The id of an API session, the digest of a page's cookie, or that of a personal access token.
    """

    session: UUID | None = None
    token_digest: bytes | None = None
    personal_digest: bytes | None = None


@dataclass(frozen=True, slots=True)
class Scope:
    """Who is asking, and in which household; ``person`` is None for the machine itself.

    ``access`` says what they may do with its accounts. ``proved_at`` is when the
    person of the session last showed that it is them; ``multi_factor`` tells whether they have shown
    two factors in it. ``token`` is the personal access token that asks for the person, ``allowed`` its
    scopes (None: everything), and ``only_household`` the one that it is for; whether a use of it ought
    to be noted is ``use_is_due``.
    """

    person: UUID | None
    session: UUID | None
    household: UUID | None
    role: str
    seq: int
    base_currency: str
    time_zone: str
    locale: str
    access: Access = NO_ACCESS
    proved_at: datetime | None = None
    multi_factor: bool = False
    token: UUID | None = None
    allowed: frozenset[str] | None = None
    only_household: UUID | None = None
    use_is_due: bool = False

    @property
    def sender(self) -> UUID | None:
        """Whose requests these are where they are counted or remembered: the token's, or the person's."""
        return self.token or self.person


NOBODY = Scope(None, None, None, "", 0, "", "UTC", "en")


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
                _check_member(scope)
                _check_token(scope, permit)
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
        _check_member(scope)
        _check_token(scope, permit)
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
            _access(row["role"], row["others"], row["granted"]),
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


def _access(role: str | None, others: int | None, granted: str | None) -> Access:
    """Return what a membership comes to, or no access without one."""
    if role is None:
        return NO_ACCESS
    if others is None and granted is None:
        return PLAIN[Role(role)]
    grants = _decode_grants(granted) if granted else {}
    return Access.of(Role(role), None if others is None else Level(others), grants)


_decode_grants = msgspec.json.Decoder(dict[UUID, Level]).decode


def _check_member(scope: Scope) -> None:
    """Refuse a household that the person is no member of: it looks as if it were not there."""
    if scope.household is not None and not scope.role:
        raise NotFound("household")


def _check_token(scope: Scope, permit: Permit) -> None:
    """Refuse a personal access token that has no scope of ``permit``."""
    if scope.allowed is not None and scope.allowed.isdisjoint(permit):
        raise TokenMayNot(permit)
