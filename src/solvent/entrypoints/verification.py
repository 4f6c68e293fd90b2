"""Verification: every invariant of every slice, held against the whole database.

One list serves the command, the hourly job and the tests. It is read as the verifier, who sees all
households and changes nothing, on one snapshot. Findings name what is wrong and never an amount.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

import asyncpg

from solvent.intake.invariants import INVARIANTS as INTAKE
from solvent.kernel.errors import Refusal
from solvent.kernel.invariant import Invariant
from solvent.ledger.invariants import INVARIANTS as LEDGER
from solvent.runtime.checkpoints import unsigned_checkpoints
from solvent.runtime.database import VERIFIER, Connection, DatabaseAddress, connect
from solvent.runtime.journal import INVARIANTS as JOURNAL
from solvent.runtime.keys import KeyRing
from solvent.runtime.log import logger
from solvent.runtime.security import INVARIANTS as SECURITY

log = logger("verification")

INVARIANTS: Final[Sequence[Invariant]] = (*JOURNAL, *SECURITY, *LEDGER, *INTAKE)
OFFENDERS_SHOWN_MAX = 20

REFERENCES = "runtime.references_hold"
REFERENCES_WHY = "Every foreign key leads somewhere: nothing was lost or restored by halves."

SIGNATURES = "runtime.checkpoints_are_signed"
SIGNATURES_WHY = "Where old records were removed, this installation removed and signed it."

_FOREIGN_KEYS = """
    select k.conname, k.conrelid::regclass::text as child, k.confrelid::regclass::text as parent,
           array(select quote_ident(a.attname) from unnest(k.conkey) with ordinality u(num, place)
                   join pg_attribute a on a.attrelid = k.conrelid and a.attnum = u.num order by place) as own,
           array(select quote_ident(a.attname) from unnest(k.confkey) with ordinality u(num, place)
                   join pg_attribute a on a.attrelid = k.confrelid and a.attnum = u.num order by place) as theirs
      from pg_constraint k join pg_namespace n on n.oid = k.connamespace
     where k.contype = 'f' and n.nspname = 'solvent' order by k.conname
"""


@dataclass(frozen=True, slots=True)
class Finding:
    """An invariant that does not hold: how often, and the first offenders by their keys."""

    code: str
    why: str
    count: int
    offenders: list[dict[str, str]]


class NotVerifiable(Refusal):
    """The schema is not the one whose invariants these are."""

    code = "entrypoints.not_verifiable"

    def __init__(self) -> None:
        """Say what to do."""
        super().__init__(
            "The database's schema is not that of this release; run `solvent migrate` first."
        )


async def verify(address: DatabaseAddress, keys: KeyRing | None = None) -> list[Finding]:
    """Return what is wrong with the books of all households; nothing where all is well.

    With the ring of field ``keys`` it also holds to the signatures of checkpoints.
    """
    connection = await connect(address.reading_all, VERIFIER)
    try:
        async with connection.transaction(isolation="repeatable_read", readonly=True):
            findings = await verify_on(connection)
            if keys is not None:
                findings.extend(await _unsigned(connection, keys))
            return findings
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as other:
        raise NotVerifiable from other
    finally:
        await connection.close()


async def verify_on(connection: Connection) -> list[Finding]:
    """Return what is wrong as a connection of the verifier sees it."""
    findings = [await _held(connection, each) for each in INVARIANTS]
    findings.append(await _references(connection))
    return [finding for finding in findings if finding.count]


async def verify_and_log(address: DatabaseAddress) -> None:
    """Verify, and write down by code how many offenders there are."""
    findings = await verify(address)
    for finding in findings:
        log.error("invariant.broken", code=finding.code, offenders=finding.count)
    if not findings:
        log.info("books.verified", invariants=len(INVARIANTS) + 1)


async def _unsigned(connection: Connection, keys: KeyRing) -> list[Finding]:
    """Find checkpoints that this installation did not sign: somebody else removed records."""
    forged = await unsigned_checkpoints(connection, keys)
    if not forged:
        return []
    shown = [
        {"household_id": str(each.household or ""), "seq": str(each.seq)}
        for each in forged[:OFFENDERS_SHOWN_MAX]
    ]
    return [Finding(SIGNATURES, SIGNATURES_WHY, len(forged), shown)]


async def _held(connection: Connection, invariant: Invariant) -> Finding:
    """Hold the database against one invariant."""
    rows = await connection.fetch(
        f"select o.*, count(*) over () as offenders_in_all from ({invariant.offenders}) o"
        f" limit {OFFENDERS_SHOWN_MAX}"
    )
    count = rows[0]["offenders_in_all"] if rows else 0
    return Finding(invariant.code, invariant.why, count, [dict(_shown(dict(row))) for row in rows])


async def _references(connection: Connection) -> Finding:
    """Count rows whose foreign key leads nowhere, for each foreign key that there is."""
    count, offenders = 0, list[dict[str, str]]()
    for key in await connection.fetch(_FOREIGN_KEYS):
        pairs = list(zip(key["own"], key["theirs"], strict=True))
        joined = " and ".join(f"p.{theirs} = c.{own}" for own, theirs in pairs)
        told = " and ".join(f"c.{own} is not null" for own, _ in pairs)
        lost: int = await connection.fetchval(
            f"select count(*) from {key['child']} c where {told}"
            f" and not exists (select from {key['parent']} p where {joined})"
        )
        if lost:
            count += lost
            offenders.append({"constraint": key["conname"], "rows": str(lost)})
    return Finding(REFERENCES, REFERENCES_WHY, count, offenders[:OFFENDERS_SHOWN_MAX])


def _shown(row: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    """Yield the columns of an offender that are no amounts."""
    for name, value in row.items():
        amount = name.endswith("_minor") or name == "offenders_in_all"
        if not amount and isinstance(value, UUID | date | datetime | int | str):
            yield name, str(value)
