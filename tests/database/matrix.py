"""The access matrix: what each role may ask of each operation, and with what it is asked.

An operation without a row fails the matrix. ``{name}`` in a body stands for what the asked household
has of that kind; the numbers are the answers to owner, editor, adviser and viewer.
"""

from dataclasses import dataclass, field
from typing import Any, Final

ROLES: Final = ("owner", "editor", "adviser", "viewer")
OUTSIDERS: Final = ("removed", "neighbour")
_H: Final = "/api/v1/households/{household}"


@dataclass(frozen=True, slots=True)
class Row:
    """One operation of a household: what each role is answered, and what it is asked with."""

    statuses: tuple[int, int, int, int]
    json: Any = None
    params: dict[str, str] = field(default_factory=dict[str, str])
    files: bool = False
    gone: int = 404
    """What whoever may do it is answered about a thing that is deleted."""

    def status(self, role: str) -> int:
        """Return what ``role`` is answered about what is the household's own."""
        return self.statuses[ROLES.index(role)]


@dataclass(frozen=True, slots=True)
class Own:
    """One operation that is about the person alone: the same for everybody who has logged in."""

    status: int
    """Where it is 0 it would end the asker's way in: only nobody asks it."""
    json: Any = None


@dataclass(frozen=True, slots=True)
class Open:
    """One operation that asks nobody who they are."""

    status: int
    json: Any = None


def everyone(status: int = 200, **more: Any) -> Row:
    """Whoever is a member."""
    return Row((status,) * 4, **more)


def editors(status: int = 200, json: Any = None, **more: Any) -> Row:
    """Owners and editors."""
    return Row((status, status, 403, 403), json, **more)


def annotators(status: int = 200, json: Any = None, **more: Any) -> Row:
    """Everybody but viewers."""
    return Row((status, status, status, 403), json, **more)


def owners(status: int = 200, json: Any = None, **more: Any) -> Row:
    """Owners alone."""
    return Row((status, 403, 403, 403), json, **more)


LEGS: Final = [
    {"account": "{account}", "amount_minor": -5, "currency": "EUR"},
    {"account": "{category}", "amount_minor": 5, "currency": "EUR"},
]
DATES: Final = {"from": "2026-01-01", "to": "2026-04-01"}
LINK: Final = {"token": "x" * 30}
PASSWORD: Final = "not the password of anybody"
LOG_IN: Final = {"email": "nobody@example.org", "password": PASSWORD}
NEWCOMER: Final = {
    "email": "nobody at all",
    "password": PASSWORD,
    "name": "N",
    "household": {"name": "N", "base_currency": "EUR"},
}

HOUSEHOLD: Final[dict[tuple[str, str], Row]] = {
    ("GET", "members"): everyone(),
    ("PATCH", "members/{person}"): owners(json={"role": "viewer"}),
    ("DELETE", "members/{person}"): owners(204),
    ("GET", "grants/{person}"): everyone(),
    ("PUT", "grants/{person}"): owners(json={"accounts": {"{account}": "balance"}}),
    ("GET", "invitations"): owners(),
    ("POST", "invitations"): owners(201, {"role": "viewer"}),
    ("DELETE", "invitations/{invitation}"): owners(204),
    ("GET", "audit"): everyone(),
    ("GET", "audit/export"): editors(),
    ("GET", "changes"): everyone(),
    ("GET", "accounts"): everyone(),
    ("POST", "accounts"): editors(201, {"name": "{new}", "kind": "asset", "currency": "EUR"}),
    ("GET", "accounts/{account}"): everyone(),
    ("PATCH", "accounts/{account}"): editors(json={"name": "{new}"}),
    ("GET", "balances"): everyone(),
    ("GET", "payees"): everyone(),
    ("PATCH", "payees/{payee}"): editors(json={"name": "{new}"}),
    ("GET", "transactions"): everyone(),
    ("POST", "transactions"): editors(201, {"booked_on": "2026-03-01", "postings": LEGS}),
    ("POST", "transactions/categorise"): editors(
        json={"transactions": ["{transaction}"], "category": "{category}"}
    ),
    ("GET", "transactions/{transaction}"): everyone(),
    ("PATCH", "transactions/{transaction}"): annotators(json={"memo": "{new}"}),
    ("DELETE", "transactions/{transaction}"): editors(204),
    ("POST", "transactions/{transaction}/restore"): editors(gone=200),
    ("POST", "transactions/{transaction}/reversal"): editors(201),
    ("GET", "imports"): everyone(),
    ("POST", "imports"): editors(201, {"account": "{account}"}, files=True),
    ("GET", "imports/{source}"): everyone(),
    ("GET", "imports/{source}/rows"): everyone(),
    ("POST", "imports/{source}/commit"): editors(),
    ("POST", "imports/{source}/undo"): editors(),
    ("POST", "imports/{source}/redo"): editors(),
    ("GET", "reports/income"): everyone(params=DATES),
    ("GET", "reports/net-worth"): everyone(params=DATES),
    ("GET", "reports/spending"): everyone(params=DATES),
    ("POST", "members/{person}/ownership"): owners(),
}

ROWS: Final[dict[tuple[str, str], Row | Own | Open]] = {
    ("GET", "/health"): Open(200),
    ("GET", "/health/readiness"): Open(200),
    ("GET", "/health/startup"): Open(200),
    ("POST", "/reports/policy"): Open(204),
    ("POST", "/api/v1/auth/login"): Open(401, LOG_IN),
    ("POST", "/api/v1/auth/refresh"): Open(401, {"refresh_token": "x" * 43}),
    ("POST", "/api/v1/auth/register"): Open(422, NEWCOMER),
    ("POST", "/api/v1/auth/passkey/options"): Open(200),
    ("POST", "/api/v1/auth/passkey"): Open(422, {}),
    ("POST", "/api/v1/auth/confirm-address"): Open(422, LINK),
    ("POST", "/api/v1/auth/forgot"): Open(202, {"email": "nobody@example.org"}),
    ("POST", "/api/v1/auth/reset"): Open(422, LINK | {"password": PASSWORD}),
    ("POST", "/api/v1/auth/verify"): Open(422, LINK),
    ("POST", "/api/v1/auth/logout"): Own(0),
    ("POST", "/api/v1/auth/prove"): Own(0, {"password": PASSWORD}),
    ("GET", "/api/v1/me"): Own(200),
    ("GET", "/api/v1/me/activity"): Own(200),
    ("GET", "/api/v1/operator/people"): Own(404),
    ("PUT", "/api/v1/operator/people/{person}/state"): Own(404, {"state": "disabled"}),
    ("GET", "/api/v1/operator/households"): Own(404),
    ("GET", "/api/v1/operator/events"): Own(404),
    ("GET", "/api/v1/me/factors"): Own(200),
    ("POST", "/api/v1/me/authenticator"): Own(201),
    ("POST", "/api/v1/me/authenticator/confirm"): Own(422, {"code": "000000"}),
    ("DELETE", "/api/v1/me/authenticator"): Own(204),
    ("POST", "/api/v1/me/recovery-codes"): Own(404),
    ("POST", "/api/v1/me/passkeys/options"): Own(200),
    ("POST", "/api/v1/me/passkeys"): Own(422, {}),
    ("PATCH", "/api/v1/me/passkeys/{passkey}"): Own(404, {"name": "Mine"}),
    ("DELETE", "/api/v1/me/passkeys/{passkey}"): Own(404),
    ("POST", "/api/v1/me/address"): Own(422, {"email": "nobody at all"}),
    ("POST", "/api/v1/me/log-out-everywhere"): Own(422, {"keep_this": "perhaps"}),
    ("POST", "/api/v1/me/password"): Own(0, {"password": PASSWORD, "new_password": PASSWORD}),
    ("GET", "/api/v1/me/sessions"): Own(200),
    ("DELETE", "/api/v1/me/sessions/{session}"): Own(404),
    ("POST", "/api/v1/me/verification"): Own(202),
    ("GET", "/api/v1/tokens"): Own(200),
    ("POST", "/api/v1/tokens"): Own(404, {"name": "T", "household": "{elsewhere}"}),
    ("DELETE", "/api/v1/tokens/{token}"): Own(404),
    ("POST", "/api/v1/households"): Own(422, {"name": "", "base_currency": "EUR"}),
    ("POST", "/api/v1/invitations/accept"): Own(404, LINK),
    ("POST", "/api/v1/invitations/decline"): Own(404, LINK),
    ("POST", "/api/v1/invitations/show"): Own(404, LINK),
    ("POST", "/api/v1/me/close"): Own(0),
    **{(method, f"{_H}/{path}"): row for (method, path), row in HOUSEHOLD.items()},
}
"""Every operation of the OpenAPI document; of the person's own, ids in the path are somebody else's."""

FOREIGN_IN_BODY: Final[tuple[tuple[str, str, Any, int], ...]] = (
    ("POST", "accounts", {"name": "{new}", "kind": "expense", "parent": "{account}"}, 404),
    ("PATCH", "accounts/{own}", {"parent": "{account}"}, 404),
    ("PATCH", "payees/{own}", {"category": "{account}"}, 404),
    ("POST", "transactions", {"booked_on": "2026-03-01", "postings": LEGS}, 404),
    ("PATCH", "transactions/{own}", {"category": "{account}"}, 404),
    ("PATCH", "transactions/{own}", {"postings": LEGS}, 404),
    ("POST", "transactions/categorise", {"transactions": ["{own}"], "category": "{account}"}, 404),
    (
        "POST",
        "transactions/categorise",
        {"transactions": ["{transaction}"], "category": "{category}"},
        200,
    ),
    ("PUT", "grants/{own}", {"accounts": {"{account}": "read"}}, 404),
    ("POST", "invitations", {"role": "viewer", "grants": {"accounts": {"{account}": "read"}}}, 404),
)
"""Writes below one's own household that name a thing of another one in the body, and the answer; a
list is answered one by one."""
