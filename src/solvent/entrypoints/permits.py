"""What a personal access token must be for, route by route: one table, and a test that it is whole.

A route that is missing here lets in no token. ``OPEN`` says that a route asks nobody who they are,
``LOGGED_IN`` that it wants a person who logged in themselves: whatever is about people, their ways
in and their tokens, so that no token can make another or outlive what its person decides.
"""

from typing import Final

from solvent.identity.tokens.domain import ANY_TOKEN, TokenScope
from solvent.runtime.edge.routes import Permits
from solvent.runtime.permit import NO_TOKEN, Permit

OPEN: Final = NO_TOKEN
LOGGED_IN: Final = NO_TOKEN
READ: Final[Permit] = frozenset({TokenScope.BOOKS_READ})
WRITE: Final[Permit] = frozenset({TokenScope.BOOKS_WRITE})
IMPORT: Final[Permit] = frozenset({TokenScope.IMPORTS_WRITE})
ADMIN: Final[Permit] = frozenset({TokenScope.HOUSEHOLD_ADMIN})

_H = "/api/v1/households/{household}"

PERMITS: Final[Permits] = {
    ("GET", "/health"): OPEN,
    ("POST", "/reports/policy"): OPEN,
    ("GET", "/health/readiness"): OPEN,
    ("GET", "/health/startup"): OPEN,
    ("POST", "/api/v1/auth/login"): OPEN,
    ("POST", "/api/v1/auth/logout"): LOGGED_IN,
    ("POST", "/api/v1/auth/prove"): LOGGED_IN,
    ("POST", "/api/v1/auth/refresh"): OPEN,
    ("POST", "/api/v1/auth/register"): OPEN,
    ("GET", "/api/v1/me"): ANY_TOKEN,
    ("GET", "/api/v1/me/activity"): LOGGED_IN,
    ("GET", "/api/v1/operator/people"): LOGGED_IN,
    ("PUT", "/api/v1/operator/people/{person}/state"): LOGGED_IN,
    ("GET", "/api/v1/operator/households"): LOGGED_IN,
    ("GET", "/api/v1/operator/events"): LOGGED_IN,
    ("GET", "/api/v1/me/factors"): LOGGED_IN,
    ("POST", "/api/v1/me/authenticator"): LOGGED_IN,
    ("POST", "/api/v1/me/authenticator/confirm"): LOGGED_IN,
    ("DELETE", "/api/v1/me/authenticator"): LOGGED_IN,
    ("POST", "/api/v1/me/recovery-codes"): LOGGED_IN,
    ("POST", "/api/v1/me/passkeys/options"): LOGGED_IN,
    ("POST", "/api/v1/me/passkeys"): LOGGED_IN,
    ("PATCH", "/api/v1/me/passkeys/{passkey}"): LOGGED_IN,
    ("DELETE", "/api/v1/me/passkeys/{passkey}"): LOGGED_IN,
    ("POST", "/api/v1/auth/passkey/options"): OPEN,
    ("POST", "/api/v1/auth/passkey"): OPEN,
    ("POST", "/api/v1/auth/confirm-address"): OPEN,
    ("POST", "/api/v1/auth/forgot"): OPEN,
    ("POST", "/api/v1/auth/reset"): OPEN,
    ("POST", "/api/v1/auth/verify"): OPEN,
    ("POST", "/api/v1/me/address"): LOGGED_IN,
    ("POST", "/api/v1/me/close"): LOGGED_IN,
    ("POST", "/api/v1/me/log-out-everywhere"): LOGGED_IN,
    ("POST", "/api/v1/me/password"): LOGGED_IN,
    ("GET", "/api/v1/me/sessions"): LOGGED_IN,
    ("DELETE", "/api/v1/me/sessions/{session}"): LOGGED_IN,
    ("POST", "/api/v1/me/verification"): LOGGED_IN,
    ("GET", "/api/v1/tokens"): LOGGED_IN,
    ("POST", "/api/v1/tokens"): LOGGED_IN,
    ("DELETE", "/api/v1/tokens/{token}"): LOGGED_IN,
    ("POST", "/api/v1/households"): LOGGED_IN,
    ("POST", "/api/v1/invitations/accept"): LOGGED_IN,
    ("POST", "/api/v1/invitations/decline"): LOGGED_IN,
    ("POST", "/api/v1/invitations/show"): LOGGED_IN,
    ("GET", f"{_H}/members"): READ | ADMIN,
    ("PATCH", f"{_H}/members/{{person}}"): LOGGED_IN,
    ("DELETE", f"{_H}/members/{{person}}"): LOGGED_IN,
    ("POST", f"{_H}/members/{{person}}/ownership"): LOGGED_IN,
    ("GET", f"{_H}/grants/{{person}}"): READ | ADMIN,
    ("PUT", f"{_H}/grants/{{person}}"): LOGGED_IN,
    ("GET", f"{_H}/invitations"): ADMIN,
    ("POST", f"{_H}/invitations"): ADMIN,
    ("DELETE", f"{_H}/invitations/{{invitation}}"): ADMIN,
    ("GET", f"{_H}/audit"): READ,
    ("GET", f"{_H}/audit/export"): LOGGED_IN,
    ("GET", f"{_H}/changes"): READ,
    ("GET", f"{_H}/accounts"): READ,
    ("POST", f"{_H}/accounts"): WRITE,
    ("GET", f"{_H}/accounts/{{account}}"): READ,
    ("PATCH", f"{_H}/accounts/{{account}}"): WRITE,
    ("GET", f"{_H}/balances"): READ,
    ("GET", f"{_H}/payees"): READ,
    ("PATCH", f"{_H}/payees/{{payee}}"): WRITE,
    ("GET", f"{_H}/transactions"): READ,
    ("POST", f"{_H}/transactions"): WRITE,
    ("POST", f"{_H}/transactions/categorise"): WRITE,
    ("GET", f"{_H}/transactions/{{transaction}}"): READ,
    ("PATCH", f"{_H}/transactions/{{transaction}}"): WRITE,
    ("DELETE", f"{_H}/transactions/{{transaction}}"): WRITE,
    ("POST", f"{_H}/transactions/{{transaction}}/restore"): WRITE,
    ("POST", f"{_H}/transactions/{{transaction}}/reversal"): WRITE,
    ("GET", f"{_H}/imports"): READ | IMPORT,
    ("POST", f"{_H}/imports"): IMPORT,
    ("GET", f"{_H}/imports/{{source}}"): READ | IMPORT,
    ("GET", f"{_H}/imports/{{source}}/rows"): READ | IMPORT,
    ("POST", f"{_H}/imports/{{source}}/commit"): IMPORT,
    ("POST", f"{_H}/imports/{{source}}/redo"): IMPORT,
    ("POST", f"{_H}/imports/{{source}}/undo"): IMPORT,
    ("GET", f"{_H}/reports/income"): READ,
    ("GET", f"{_H}/reports/net-worth"): READ,
    ("GET", f"{_H}/reports/spending"): READ,
}
"""By method and path, as the OpenAPI document has them."""
