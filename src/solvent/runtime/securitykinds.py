"""The kinds of security events: all there are; `components/trail.html` says each in words."""

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
    LOGIN_DISABLED = "login.disabled"
    SESSION_REFRESHED = "session.refreshed"
    SESSION_TOKEN_REUSED = "session.token_reused"  # noqa: S105 - a kind, no secret
    SESSION_MOVED = "session.moved"
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


OUTLASTING: Final = frozenset(
    {
        SecurityKind.LOGIN_FAILED,
        SecurityKind.LOGIN_REFUSED,
        SecurityKind.LOGIN_LOCKED,
        SecurityKind.LOGIN_DISABLED,
        SecurityKind.SESSION_TOKEN_REUSED,
        SecurityKind.SESSION_MOVED,
        SecurityKind.FACTOR_FAILED,
        SecurityKind.PROOF_FAILED,
        SecurityKind.ACCESS_REFUSED,
        SecurityKind.UPLOAD_REFUSED,
        SecurityKind.OPERATOR_REFUSED,
        SecurityKind.ALERT_RAISED,
    }
)
"""Kinds that are true even when the work around them is refused: kept although it rolls back."""
