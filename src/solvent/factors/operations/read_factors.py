"""Read what a person can log in with beside their password."""

from solvent.factors.domain import Factors
from solvent.factors.store.codes import Codes
from solvent.factors.store.passkeys import Passkeys
from solvent.runtime.sealing import Seal
from solvent.runtime.work import Work


async def read_factors(work: Work, seal: Seal) -> Factors:
    """Return the factors of the person of ``work``."""
    codes = Codes(work, seal, work.person)
    passkeys = await Passkeys(work).of_person(work.person)
    return Factors(await codes.has_authenticator(), await codes.recovery_left(), passkeys)
