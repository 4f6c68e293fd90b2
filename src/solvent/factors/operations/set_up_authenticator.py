"""Set up an authenticator: a new key, shown once, that counts when its first code has confirmed it."""

import segno
from pyotp import random_base32
from pyotp.totp import TOTP

from solvent.factors.domain import (
    SECRET_CHARS,
    AuthenticatorInUse,
    AuthenticatorKey,
    CodeNotRight,
    NoAuthenticator,
)
from solvent.factors.operations.match_code import match_code
from solvent.factors.operations.renew_recovery_codes import new_recovery_codes
from solvent.factors.store.codes import Codes
from solvent.identity.operations.keep_proof import keep_proof
from solvent.identity.operations.read_person import read_person
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.sealing import Seal
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work

ISSUER = "Solvent"
QR_MODULE_PX = 5
QR_BORDER = 4


async def set_up_authenticator(work: Work, seal: Seal) -> AuthenticatorKey:
    """Return a new key for the person's authenticator; refuse where they have one already."""
    require_recent_proof(work)
    codes = Codes(work, seal, work.person)
    secret = random_base32(SECRET_CHARS)
    if not await codes.begin(secret):
        raise AuthenticatorInUse
    return _shown(secret, (await read_person(work)).email)


async def show_authenticator_key(work: Work, seal: Seal) -> AuthenticatorKey:
    """Return the key of the set-up that waits to be confirmed."""
    require_recent_proof(work)
    codes = Codes(work, seal, work.person)
    secret = await codes.secret(confirmed=False)
    if secret is None:
        raise NoAuthenticator
    return _shown(secret, (await read_person(work)).email)


async def confirm_authenticator(work: Work, seal: Seal, *, code: str) -> list[str]:
    """Let the authenticator count once it shows the right ``code``; return the recovery codes."""
    require_recent_proof(work)
    codes = Codes(work, seal, work.person)
    secret = await codes.secret(confirmed=False)
    if secret is None:
        raise NoAuthenticator
    step = match_code(secret, code, at=work.clock.now())
    if step is None or not await codes.confirm(step):
        raise CodeNotRight
    await keep_proof(work, multi_factor=True)
    work.security.note(SecurityKind.FACTOR_ADDED, facts={"factor": "authenticator"})
    return await new_recovery_codes(work, seal)


def _shown(secret: str, label: str) -> AuthenticatorKey:
    uri = TOTP(secret).provisioning_uri(name=label, issuer_name=ISSUER)
    picture = segno.make(uri, error="m", micro=False)
    qr = picture.svg_data_uri(scale=QR_MODULE_PX, border=QR_BORDER, dark="#000", light="#fff")
    return AuthenticatorKey(secret, uri, qr)
