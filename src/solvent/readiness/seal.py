"""The seal of a report: an Ed25519 signature with a key derived for nothing else.

The public half stands in the report, so that anybody can tell whether it was changed; that it is
*ours* only an installation that holds the ring can tell.
"""

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from solvent.kernel.errors import Refusal
from solvent.readiness.document import Document, canonical
from solvent.runtime.keys import KeyRing

PURPOSE = "readiness-report"


class ReportRefused(Refusal):
    """The report is not what was signed, not signed by this installation, or too old."""

    code = "readiness.report_refused"


def sealed(document: Document, keys: KeyRing) -> Document:
    """Return ``document`` with its signature."""
    key = _key(keys, keys.current_kid)
    return document | {
        "signature": {
            "algorithm": "Ed25519",
            "kid": keys.current_kid,
            "public_key": b64encode(key.public_key().public_bytes_raw()).decode(),
            "value": b64encode(key.sign(canonical(document))).decode(),
        }
    }


def check_seal(document: Mapping[str, Any], keys: KeyRing, now: datetime) -> None:
    """Refuse a report that was changed, that another made, or whose validity is over."""
    signature: Mapping[str, str] | None = document.get("signature")
    if not signature:
        raise ReportRefused("The report is not signed.")
    if signature.get("kid") not in keys.kids:
        raise ReportRefused(
            "The report was signed with a key that this installation does not hold."
        )
    try:
        public: Ed25519PublicKey = _key(keys, signature["kid"]).public_key()
        public.verify(b64decode(signature.get("value", "")), canonical(document))
    except (InvalidSignature, ValueError) as forged:
        raise ReportRefused("The report was changed after it was signed.") from forged
    if datetime.fromisoformat(document["valid_until"]) < now:
        raise ReportRefused(
            f"The report was valid until {document['valid_until']}. Run `solvent certify` again."
        )


def _key(keys: KeyRing, kid: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(keys.derive(PURPOSE, kid))
