"""The journal of security events: every log-in, failure and change of a way in is one chained record.

What a work notes is kept until the end of the work and written by its last statement, so that the one
chain of the installation is held for no longer than a commit takes. Kinds that tell of an attempt
(``OUTLASTING``) are written even when the work is refused and rolls back. A record names a person by
id; an address that was typed stands in it as a keyed digest, a network address without its last bits.
"""

import hashlib
import hmac
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import Protocol
from uuid import UUID

import asyncpg
import msgspec

from solvent.kernel.clock import Clock
from solvent.kernel.errors import Fact
from solvent.kernel.invariant import Invariant
from solvent.runtime.database import PooledConnection
from solvent.runtime.origin import Origin, current_origin
from solvent.runtime.redaction import plain
from solvent.runtime.securitykinds import OUTLASTING, SecurityKind
from solvent.runtime.statements import sql

# Not the log's own front door: every command opens works, and that one brings all settings with it.
log = logging.getLogger(__name__)

KEY_BYTES = 32

WRITE = sql("""
    insert into security_event
           (at, kind, person_id, session_id, subject, actor, cause, request_id, network, agent, tried, facts)
    values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
""")


def _any_key() -> bytes:
    return secrets.token_bytes(KEY_BYTES)


@dataclass(frozen=True, slots=True)
class Discretion:
    """What the journal may know: a key for digests, and how many bits of a network address."""

    key: bytes = field(default_factory=_any_key, repr=False)
    ipv4_bits: int = 24
    ipv6_bits: int = 48

    def network(self, address: str) -> IPv4Network | IPv6Network | None:
        """Return the network of ``address``, or None where it is no address."""
        try:
            whole = ip_network(address)
        except ValueError:
            return None
        bits = self.ipv4_bits if whole.version == 4 else self.ipv6_bits  # noqa: PLR2004 - IPv4
        return whole.supernet(new_prefix=bits) if bits < whole.prefixlen else whole

    def digest(self, typed: str) -> bytes:
        """Return what stands for an address that was typed."""
        return hmac.new(self.key, typed.encode("utf-8", "replace"), hashlib.sha256).digest()


@dataclass(frozen=True, slots=True)
class SecurityEvent:
    """One thing to be written down."""

    at: datetime
    kind: SecurityKind
    person: UUID | None
    session: UUID | None
    subject: UUID | None
    actor: str
    cause: str
    tried: bytes | None
    facts: str
    origin: Origin


class Notes:
    """What one work has to write down when it ends."""

    def __init__(self, discretion: Discretion) -> None:
        """Keep notes with ``discretion``."""
        self.discretion = discretion
        self.events: list[SecurityEvent] = []

    async def write(self, connection: PooledConnection) -> None:
        """Write all of it as part of the work; the chain is held until the work has ended."""
        await self._write(connection, self.events)

    async def write_outlasting(self, connection: PooledConnection) -> None:
        """Write what stays true of a work that was rolled back; what cannot be kept is logged."""
        left = [event for event in self.events if event.kind in OUTLASTING]
        if not left:
            return
        try:
            async with connection.transaction():
                await self._write(connection, left)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError):
            log.exception("event.lost kinds=%s", [event.kind.value for event in left])

    async def _write(self, connection: PooledConnection, events: Sequence[SecurityEvent]) -> None:
        for event in events:
            await connection.execute(
                WRITE,
                event.at,
                event.kind.value,
                event.person,
                event.session,
                event.subject,
                event.actor,
                event.cause,
                event.origin.request_id,
                self.discretion.network(event.origin.address),
                event.origin.agent,
                event.tried,
                event.facts,
            )


class _Scoped(Protocol):
    """Who is asking, as far as a note needs it."""

    @property
    def person(self) -> UUID | None: ...

    @property
    def session(self) -> UUID | None: ...


class _Noting(Protocol):
    """The part of a ``Work`` that a note needs."""

    @property
    def scope(self) -> _Scoped: ...

    @property
    def clock(self) -> Clock: ...

    @property
    def actor(self) -> str: ...

    @property
    def cause(self) -> str: ...


class SecurityJournal:
    """Takes notes for the installation's journal of security events."""

    def __init__(self, work: _Noting, notes: Notes) -> None:
        """Note for ``work``, into what is written when it ends."""
        self._work = work
        self._notes = notes

    def note(
        self,
        kind: SecurityKind,
        *,
        person: UUID | None = None,
        session: UUID | None = None,
        subject: UUID | None = None,
        tried: str | None = None,
        facts: Mapping[str, Fact] | None = None,
    ) -> None:
        """Note one event about ``person``, by default whoever the work is for.

        ``tried`` is an address as somebody typed it; only its keyed digest is kept. A session named
        without a person concerns its own. ``facts`` must not be secret: they are redacted as logs are.
        """
        scope = self._work.scope
        own = person is None and session is None
        event = SecurityEvent(
            at=self._work.clock.now(),
            kind=kind,
            person=scope.person if own else person,
            session=scope.session
            if session is None and person in {None, scope.person}
            else session,
            subject=subject,
            actor=self._work.actor,
            cause=self._work.cause,
            tried=None if tried is None else self._notes.discretion.digest(tried),
            facts=msgspec.json.encode(plain("facts", facts or {})).decode(),
            origin=current_origin(),
        )
        self._notes.events.append(event)


SECURITY_IS_GAPLESS = Invariant(
    code="security.gapless",
    why="The journal of security events counts 1, 2, 3 … up to its own head.",
    offenders="""
        select h.seq, count(e.seq) as records, max(e.seq) as last
          from (select seq, coalesce((select max(seq) from security_checkpoint), 0) as retired
                  from security_head) h
          left join security_event e on true
         group by h.seq, h.retired
        having count(e.seq) <> h.seq - h.retired or coalesce(max(e.seq), h.retired) <> h.seq""",
)

SECURITY_CHAINS = Invariant(
    code="security.chains",
    why="Each security event holds the hash of the one before it, and its own hash is that of its content.",
    offenders="""
        select seq
          from (select e.seq, e.hash, e.prev_hash, security_hash(e) as computed,
                       coalesce(lag(e.hash) over (order by e.seq),
                                (select c.hash from security_checkpoint c order by c.seq desc limit 1),
                                '\\x'::bytea) as expected
                  from security_event e) chained
         where hash <> computed or prev_hash <> expected""",
)

SECURITY_HEAD = Invariant(
    code="security.head",
    why="The head of the security events is the hash of the newest one, and there is one head.",
    offenders="""
        select max(h.seq) as seq
          from (select 1) one left join security_head h on true
          left join security_event e on e.seq = h.seq
          left join security_checkpoint c on c.seq = h.seq
        having count(h.seq) <> 1 or bool_or(h.head <> coalesce(e.hash, c.hash, '\\x'::bytea))""",
)

INVARIANTS = (SECURITY_IS_GAPLESS, SECURITY_CHAINS, SECURITY_HEAD)
