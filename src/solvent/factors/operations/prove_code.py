"""Prove a code: of the authenticator, or one of the recovery codes; each is used once."""

from uuid import UUID

from solvent.factors.domain import recovery_digest
from solvent.factors.operations.match_code import match_code
from solvent.factors.store.codes import Codes
from solvent.identity.domain import WrongCode
from solvent.identity.operations.count_failures import count_failures
from solvent.runtime.sealing import Seal
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work, Works

CAUSE = "code"


async def prove_code(works: Works, seal: Seal, *, person: UUID, code: str, rate: Rate) -> None:
    """Use a ``code`` of ``person`` up.

    A failure is counted although it is refused, for the person, wherever it comes from. Raise
    :class:`WrongCode` or :class:`~solvent.identity.domain.TooManyAttempts`.
    """
    async with (
        count_failures(works, CAUSE, str(person), rate=rate, of=WrongCode),
        works.for_nobody(cause=CAUSE) as work,
    ):
        if not await _spend(work, seal, person, code):
            work.security.note(SecurityKind.FACTOR_FAILED, person=person)
            raise WrongCode


async def _spend(work: Work, seal: Seal, person: UUID, code: str) -> bool:
    """Use the code up as either kind; tell whether it was one."""
    codes = Codes(work, seal, person)
    secret = await codes.secret(confirmed=True)
    if secret is None:
        return False
    step = match_code(secret, code, at=work.clock.now())
    if step is not None:
        return await codes.spend_step(step)
    spent = await codes.spend_recovery(recovery_digest(person, code))
    if spent:
        work.security.note(SecurityKind.RECOVERY_CODE_USED, person=person)
    return spent
