"""The kinds of security events: all there are, and what each says."""

from enum import StrEnum
from typing import Final


class SecurityKind(StrEnum):
    """What happened to somebody's way in, as ``thing.past_participle``."""

    PERSON_REGISTERED = "person.registered"
    EMAIL_VERIFIED = "email.verified"
    EMAIL_CHANGED = "email.changed"
    PERSON_CLOSED = "person.closed"
    PERSON_DISABLED = "person.disabled"
    PERSON_ENABLED = "person.enabled"
    LOGIN_SUCCEEDED = "login.succeeded"
    LOGIN_FAILED = "login.failed"
    LOGIN_REFUSED = "login.refused"
    LOGIN_LOCKED = "login.locked"
    SESSION_REFRESHED = "session.refreshed"
    SESSION_TOKEN_REUSED = "session.token_reused"  # noqa: S105 - a kind, no secret
    SESSION_ENDED = "session.ended"
    SESSIONS_ENDED = "sessions.ended"
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 - a kind, no secret
    PASSWORD_RESET_ASKED = "password.reset_asked"  # noqa: S105 - a kind, no secret
    PASSWORD_RESET = "password.reset"  # noqa: S105 - a kind, no secret
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    FACTOR_FAILED = "factor.failed"
    PROOF_GIVEN = "proof.given"
    PROOF_FAILED = "proof.failed"
    RECOVERY_CODES_MADE = "recovery_codes.made"
    RECOVERY_CODE_USED = "recovery_code.used"
    TOKEN_MADE = "token.made"  # noqa: S105 - a kind, no secret
    TOKEN_REVOKED = "token.revoked"  # noqa: S105 - a kind, no secret
    IDENTITY_LINKED = "identity.linked"
    IDENTITY_UNLINKED = "identity.unlinked"
    ACCESS_CHANGED = "access.changed"
    ACCESS_REFUSED = "access.refused"
    UPLOAD_REFUSED = "upload.refused"
    DATA_EXPORTED = "data.exported"
    DATA_ERASED = "data.erased"
    KEYS_ROTATED = "keys.rotated"
    RECORDS_RETIRED = "records.retired"
    OPERATOR_GRANTED = "operator.granted"
    OPERATOR_REVOKED = "operator.revoked"
    OPERATOR_LOOKED = "operator.looked"
    OPERATOR_ACTED = "operator.acted"
    OPERATOR_REFUSED = "operator.refused"
    ALERT_RAISED = "alert.raised"


SENTENCES: Final[dict[SecurityKind, str]] = {
    SecurityKind.PERSON_REGISTERED: "Registered.",
    SecurityKind.EMAIL_VERIFIED: "The e-mail address was verified.",
    SecurityKind.EMAIL_CHANGED: "The e-mail address was changed.",
    SecurityKind.PERSON_CLOSED: "The account was closed.",
    SecurityKind.PERSON_DISABLED: "The account was disabled by the operator.",
    SecurityKind.PERSON_ENABLED: "The account was enabled by the operator.",
    SecurityKind.LOGIN_SUCCEEDED: "Logged in.",
    SecurityKind.LOGIN_FAILED: "An attempt to log in failed.",
    SecurityKind.LOGIN_REFUSED: "An attempt to log in was refused: too many had failed.",
    SecurityKind.LOGIN_LOCKED: "Logging in was locked for a while.",
    SecurityKind.SESSION_REFRESHED: "A program continued its log-in.",
    SecurityKind.SESSION_TOKEN_REUSED: "A token was used twice, so its log-in was ended.",
    SecurityKind.SESSION_ENDED: "Logged out.",
    SecurityKind.SESSIONS_ENDED: "Logged out everywhere.",
    SecurityKind.PASSWORD_CHANGED: "The password was changed.",
    SecurityKind.PASSWORD_RESET_ASKED: "A new password was asked for by mail.",
    SecurityKind.PASSWORD_RESET: "The password was reset by mail.",
    SecurityKind.FACTOR_ADDED: "A second way to prove who you are was added.",
    SecurityKind.FACTOR_REMOVED: "A second way to prove who you are was removed.",
    SecurityKind.FACTOR_FAILED: "A second proof failed.",
    SecurityKind.PROOF_GIVEN: "You proved again who you are.",
    SecurityKind.PROOF_FAILED: "Proving again who you are failed.",
    SecurityKind.RECOVERY_CODES_MADE: "New recovery codes were made.",
    SecurityKind.RECOVERY_CODE_USED: "A recovery code was used.",
    SecurityKind.TOKEN_MADE: "A personal access token was made.",
    SecurityKind.TOKEN_REVOKED: "A personal access token was revoked.",
    SecurityKind.IDENTITY_LINKED: "A log-in of another provider was linked.",
    SecurityKind.IDENTITY_UNLINKED: "A log-in of another provider was unlinked.",
    SecurityKind.ACCESS_CHANGED: "What a member may do was changed.",
    SecurityKind.ACCESS_REFUSED: "Something that is not there, or not yours, was asked for.",
    SecurityKind.UPLOAD_REFUSED: "An uploaded file was refused.",
    SecurityKind.DATA_EXPORTED: "Data was exported.",
    SecurityKind.DATA_ERASED: "Data was erased.",
    SecurityKind.KEYS_ROTATED: "Keys of the installation were rotated.",
    SecurityKind.RECORDS_RETIRED: "Old records were removed against a signed checkpoint.",
    SecurityKind.OPERATOR_GRANTED: "Became an operator of this installation.",
    SecurityKind.OPERATOR_REVOKED: "Is no operator of this installation any longer.",
    SecurityKind.OPERATOR_LOOKED: "An operator looked at a page of the installation.",
    SecurityKind.OPERATOR_ACTED: "An operator changed something.",
    SecurityKind.OPERATOR_REFUSED: "An operator's page was refused.",
    SecurityKind.ALERT_RAISED: "Something unusual was noticed.",
}
"""What each kind says, in English; pages translate it."""

OUTLASTING: Final = frozenset(
    {
        SecurityKind.LOGIN_FAILED,
        SecurityKind.LOGIN_REFUSED,
        SecurityKind.LOGIN_LOCKED,
        SecurityKind.SESSION_TOKEN_REUSED,
        SecurityKind.FACTOR_FAILED,
        SecurityKind.PROOF_FAILED,
        SecurityKind.ACCESS_REFUSED,
        SecurityKind.UPLOAD_REFUSED,
        SecurityKind.OPERATOR_REFUSED,
        SecurityKind.ALERT_RAISED,
    }
)
"""Kinds that are true even when the work around them is refused: kept although it rolls back."""
