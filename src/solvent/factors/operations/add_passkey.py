"""Add a passkey: offer a challenge to the person's device, and keep the public key that it answers with.

The key must be found by the device itself (resident) and must have checked who holds it (user
verification): such a passkey stands for password and second factor at once.
Source: Web Authentication Level 3, section 7.1.
"""

from typing import Any

import webauthn
from webauthn.helpers import options_to_json_dict
from webauthn.helpers.structs import (
    AuthenticatorSelectionCriteria,
    CredentialDeviceType,
    PublicKeyCredentialDescriptor,
    ResidentKeyRequirement,
    UserVerificationRequirement,
)

from solvent.factors.domain import (
    PASSKEYS_MAX,
    Passkey,
    PasskeyRefused,
    RelyingParty,
    TooManyPasskeys,
    checked_passkey_name,
)
from solvent.factors.operations.read_answer import challenge_in, refusing
from solvent.factors.store.challenges import Challenges
from solvent.factors.store.passkeys import Passkeys
from solvent.identity.operations.keep_proof import keep_proof
from solvent.identity.operations.read_person import read_person
from solvent.runtime.ids import new_id, new_token
from solvent.runtime.proof import require_recent_proof
from solvent.runtime.securitykinds import SecurityKind
from solvent.runtime.work import Work

RP_NAME = "Solvent"


async def offer_passkey(work: Work, party: RelyingParty) -> dict[str, Any]:
    """Return what the browser needs to make a passkey for the person; good for five minutes."""
    require_recent_proof(work)
    person = await read_person(work)
    known = await Passkeys(work).credentials(person.id)
    if len(known) >= PASSKEYS_MAX:
        raise TooManyPasskeys
    challenge = new_token().encode()
    await Challenges(work, "passkey_made").add(challenge, person=person.id)
    options = webauthn.generate_registration_options(
        rp_id=party.id,
        rp_name=RP_NAME,
        user_id=person.id.bytes,
        user_name=person.email,
        user_display_name=person.name,
        challenge=challenge,
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.REQUIRED,
            require_resident_key=True,
            user_verification=UserVerificationRequirement.REQUIRED,
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=each) for each in known],
    )
    return options_to_json_dict(options)


async def add_passkey(
    work: Work, party: RelyingParty, *, name: str, answer: dict[str, Any]
) -> Passkey:
    """Keep the passkey that the device made for the person's challenge."""
    require_recent_proof(work)
    name = checked_passkey_name(name)
    challenge = challenge_in(answer)
    spent = await Challenges(work, "passkey_made").spend(challenge)
    if spent is None or spent.person != work.person:
        raise PasskeyRefused
    with refusing():
        made = webauthn.verify_registration_response(
            credential=answer,
            expected_challenge=challenge,
            expected_rp_id=party.id,
            expected_origin=party.origin,
            require_user_verification=True,
        )
    synced = made.credential_device_type is CredentialDeviceType.MULTI_DEVICE
    passkey = Passkey(new_id(), name, synced, work.clock.now(), None)
    if not await Passkeys(work).add(
        passkey,
        credential_id=made.credential_id,
        public_key=made.credential_public_key,
        sign_count=made.sign_count,
    ):
        raise PasskeyRefused
    await keep_proof(work, multi_factor=True)
    work.security.note(SecurityKind.FACTOR_ADDED, subject=passkey.id, facts={"factor": "passkey"})
    return passkey
