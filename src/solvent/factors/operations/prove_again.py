"""Prove again who one is, within a session: before something dangerous is done in it."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from solvent.factors.domain import PasskeyRefused, RelyingParty
from solvent.factors.operations.prove_code import prove_code
from solvent.factors.operations.prove_passkey import prove_passkey
from solvent.identity.domain import (
    Attempt,
    Lockout,
    Person,
    WrongCode,
    WrongCredentials,
    WrongProof,
)
from solvent.identity.operations.keep_proof import keep_proof
from solvent.identity.operations.prove_password import prove_password
from solvent.identity.operations.read_person import read_person
from solvent.runtime.passwords import Passwords
from solvent.runtime.proof import ProofNeeded
from solvent.runtime.scope import Credential
from solvent.runtime.sealing import Seal
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Works

CAUSE = "proof"


@dataclass(frozen=True, slots=True)
class Shown:
    """What somebody shows to prove who they are: one of these is enough."""

    password: str | None = None
    code: str | None = None
    passkey: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """When somebody proved who they are, and until when that counts as recent."""

    proved_at: datetime
    proved_until: datetime


async def prove_again(
    works: Works,
    passwords: Passwords,
    seal: Seal,
    party: RelyingParty,
    *,
    credential: Credential,
    shown: Shown,
    address: str,
    rate: Rate,
    lockout: Lockout,
) -> Proof:
    """Keep with the session of ``credential`` that its person has just ``shown`` who they are.

    Failures count as those of a log-in do. Raise :class:`WrongProof`, and :class:`ProofNeeded` for
    what acts without a session or shows nothing.
    """
    async with works.for_session(credential, None, cause=CAUSE) as work:
        if work.scope.session is None:
            raise ProofNeeded
        person = await read_person(work)
    try:
        await _check(
            works,
            passwords,
            seal,
            party,
            person=person,
            shown=shown,
            address=address,
            rate=rate,
            lockout=lockout,
        )
    except WrongProof:
        async with works.for_session(credential, None, cause=CAUSE) as work:
            work.security.note(SecurityKind.PROOF_FAILED)
        raise
    async with works.for_session(credential, None, cause=CAUSE) as work:
        await keep_proof(work, multi_factor=not shown.password)
        work.security.note(SecurityKind.PROOF_GIVEN)
        now = work.clock.now()
        return Proof(now, now + work.proof_window)


async def _check(
    works: Works,
    passwords: Passwords,
    seal: Seal,
    party: RelyingParty,
    *,
    person: Person,
    shown: Shown,
    address: str,
    rate: Rate,
    lockout: Lockout,
) -> None:
    """Raise :class:`WrongProof` unless what is shown is that person's."""
    if shown.passkey:
        try:
            proved = await prove_passkey(works, party, answer=shown.passkey)
        except PasskeyRefused as refused:
            raise WrongProof(field="passkey") from refused
        if proved.person != person.id:
            raise WrongProof(field="passkey")
        return
    if shown.code:
        try:
            await prove_code(works, seal, person=person.id, code=shown.code, rate=rate)
        except WrongCode as wrong:
            raise WrongProof(field="code") from wrong
        return
    attempt = Attempt(person.email, shown.password or "", address)
    try:
        await prove_password(works, passwords, attempt=attempt, rate=rate, lockout=lockout)
    except WrongCredentials as wrong:
        raise WrongProof(field="password") from wrong
