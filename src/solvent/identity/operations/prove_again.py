"""Prove again who one is, within a session: before something dangerous is done in it."""

from dataclasses import dataclass
from datetime import datetime

from solvent.identity.domain import Attempt, WrongCredentials, WrongProof
from solvent.identity.operations.prove_password import prove_password
from solvent.identity.operations.read_person import read_person
from solvent.identity.store.sessions import Sessions
from solvent.runtime.passwords import Passwords
from solvent.runtime.proof import ProofNeeded
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Credential, Works

CAUSE = "proof"


@dataclass(frozen=True, slots=True)
class Proof:
    """When somebody proved who they are, and until when that counts as recent."""

    proved_at: datetime
    proved_until: datetime


async def prove_again(
    works: Works,
    passwords: Passwords,
    *,
    credential: Credential,
    password: str,
    address: str,
    rate: Rate,
) -> Proof:
    """Keep with the session of ``credential`` that its person has just given their ``password``.

    Failures count as those of a log-in do. Raise :class:`WrongProof`, and :class:`ProofNeeded` for
    what acts without a session.
    """
    async with works.for_session(credential, None, cause=CAUSE) as work:
        if work.scope.session is None:
            raise ProofNeeded
        session, person = work.scope.session, await read_person(work)
    try:
        await prove_password(
            works, passwords, attempt=Attempt(person.email, password, address), rate=rate
        )
    except WrongCredentials as wrong:
        raise WrongProof(field="password") from wrong
    async with works.for_session(credential, None, cause=CAUSE) as work:
        await Sessions(work).prove(session)
        now = work.clock.now()
        return Proof(now, now + work.proof_window)
