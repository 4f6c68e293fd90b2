"""Prove a passkey: the device signs a challenge, and says whose passkey it is.

Source: Web Authentication Level 3, section 7.2.
"""

from typing import Any

import webauthn
from webauthn.helpers import base64url_to_bytes, options_to_json_dict
from webauthn.helpers.structs import CredentialDeviceType, UserVerificationRequirement

from solvent.factors.domain import PasskeyRefused, RelyingParty
from solvent.factors.operations.prove_log_in import Proved
from solvent.factors.operations.read_answer import challenge_in, credential_in, refusing
from solvent.factors.store.challenges import Challenges
from solvent.factors.store.passkeys import Known, Passkeys
from solvent.runtime.ids import new_token
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work, Works

CAUSE = "passkey"


async def ask_for_passkey(works: Works, party: RelyingParty) -> dict[str, Any]:
    """Return what the browser needs to use any passkey of this place; good for five minutes."""
    challenge = new_token().encode()
    async with works.for_nobody(cause=CAUSE) as work:
        await Challenges(work, "passkey_used").add(challenge)
    options = webauthn.generate_authentication_options(
        rp_id=party.id,
        challenge=challenge,
        user_verification=UserVerificationRequirement.REQUIRED,
    )
    return options_to_json_dict(options)


async def prove_passkey(works: Works, party: RelyingParty, *, answer: dict[str, Any]) -> Proved:
    """Return whose passkey signed the challenge; that counts as two factors.

    The challenge is used up whatever becomes of the ``answer``. Raise :class:`PasskeyRefused`.
    """
    challenge, credential = challenge_in(answer), credential_in(answer)
    async with works.for_nobody(cause=CAUSE) as work:
        if await Challenges(work, "passkey_used").spend(challenge) is None:
            raise PasskeyRefused
    async with works.for_nobody(cause=CAUSE) as work:
        known = await Passkeys(work).by_credential(credential)
        if known is None:
            raise PasskeyRefused
        try:
            await _check(work, party, known, answer, challenge)
        except PasskeyRefused:
            work.security.note(
                SecurityKind.FACTOR_FAILED, person=known.person, facts={"factor": "passkey"}
            )
            raise
        return Proved(known.person, multi_factor=True)


async def _check(
    work: Work, party: RelyingParty, known: Known, answer: dict[str, Any], challenge: bytes
) -> None:
    """Raise :class:`PasskeyRefused` unless the passkey signed just this, once more than before."""
    with refusing():
        if base64url_to_bytes(answer["response"]["userHandle"]) != known.person.bytes:
            raise PasskeyRefused
        used = webauthn.verify_authentication_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            credential_public_key=known.public_key,
            credential_current_sign_count=known.sign_count,
            require_user_verification=True,
        )
    synced = used.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    await Passkeys(work).used(known.id, sign_count=used.new_sign_count, synced=synced)
