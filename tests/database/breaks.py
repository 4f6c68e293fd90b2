"""What is broken to see each probe fail, by the claim that it proves."""

import json
from collections.abc import Callable
from typing import Any, Final

from solvent.kernel.probe import Answer, Ran
from solvent.readiness.probes.scans import SHAPES
from solvent.runtime.keys import KeyRing, generate_key
from tests.database.probing import Break
from tests.tampering import Exchanged, Tamper, answering, rewording, saying, without

ENDED = Ran(0, "{}", "")
"""A command that does whatever it is told."""
OLD_KEY = "20200101-abcdef" + generate_key().partition(":")[1] + generate_key().rpartition(":")[2]
ANSWERS_OF_ONE_RUN = 60
KEY = generate_key()
SHORT = "postgresql://solvent:k3Vx@db.example/solvent"
SAMPLE = "postgresql://solvent:a-string-secret-at-least-256-bits-long@db.example/solvent"
LOOSE_POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"


def _same_id(exchanged: Exchanged) -> None:
    exchanged.put("x-request-id", "always-the-same-id")


def _loose_errors(exchanged: Exchanged) -> None:
    if exchanged.status >= 400:
        exchanged.drop("referrer-policy")


def _framed_page(exchanged: Exchanged) -> None:
    if "html" in exchanged.header("content-type"):
        exchanged.put("x-frame-options", "SAMEORIGIN")


def _plain_cookie(exchanged: Exchanged) -> None:
    if cookie := exchanged.header("set-cookie"):
        exchanged.put("set-cookie", cookie.replace("HttpOnly", "").replace("httponly", ""))


def _in_json(change: Callable[[Any], None], *, on: str) -> Tamper:
    """Return a tamper that changes the JSON of answers on paths that contain ``on``."""

    def tamper(exchanged: Exchanged) -> None:
        if on in exchanged.path and exchanged.body.startswith(b"{"):
            document = json.loads(exchanged.body)
            change(document)
            exchanged.body = json.dumps(document).encode()

    return tamper


def _fickle() -> Tamper:
    """Return a tamper that begins to break answers after one run over an area."""
    turn = [0]

    def tamper(exchanged: Exchanged) -> None:
        turn[0] += 1
        if turn[0] > ANSWERS_OF_ONE_RUN:
            exchanged.drop("x-frame-options")

    return tamper


def _gullible(exchanged: Exchanged) -> None:
    if "x-forwarded-for" in exchanged.sent:
        exchanged.put("ratelimit", '"address";r=9999;t=60')


def _lossy(document: Any) -> None:
    document["items"] = document.get("items", [])[:-1]


def _endless(document: Any) -> None:
    del document["components"]["schemas"]["TransactionBody"]["properties"]["memo"]["maxLength"]


HEADERS: Final[dict[str, list[Break]]] = {
    "headers-hsts": [
        Break(without("strict-transport-security")),
        Break(saying("strict-transport-security", "max-age=31536000")),
        Break(saying("strict-transport-security", "max-age=60; includeSubDomains")),
    ],
    "headers-csp": [
        Break(without("content-security-policy")),
        Break(saying("content-security-policy", LOOSE_POLICY)),
    ],
    "headers-x-frame-options": [Break(_framed_page)],
    "headers-nosniff": [Break(without("x-content-type-options")), Break(without("content-type"))],
    "headers-x-xss-protection": [Break(without("x-xss-protection"))],
    "headers-referrer-policy": [Break(saying("referrer-policy", "unsafe-url"))],
    "headers-permissions-policy": [Break(saying("permissions-policy", "camera=()"))],
    "headers-request-id": [Break(_same_id)],
    "headers-on-every-response": [Break(_loose_errors)],
}

AUTH: Final[dict[str, list[Break]]] = {
    "auth-jwt-required": [Break(answering(200, instead_of=401))],
    "auth-private-by-default": [Break(answering(200, instead_of=401, on="/me"))],
    "auth-object-ownership": [
        Break(answering(200, instead_of=404, on="/balances")),
        Break(answering(403, instead_of=404, on="/reports")),
    ],
    "auth-login-and-refresh-issued": [
        Break(answering(500, instead_of=200, on="/refresh")),
        Break(rewording(b'"access_token"', b'"other"', on="/refresh")),
    ],
    "auth-access-token-15min": [Break(rewording(b"900", b"3600", on="/login"))],
    "auth-refresh-token-7d": [
        Break(rows=[{"seconds": 31_536_000.0}]),
        Break(settings={"SOLVENT_SESSION_REFRESH_DAYS": 365}),
    ],
    "auth-refresh-rotation-reuse": [Break(answering(200, instead_of=401, on="/refresh"))],
    "auth-logout-ends-session": [Break(answering(200, instead_of=401))],
    "auth-password-bcrypt-12": [
        Break(rows=[{"password_hash": "5f4dcc3b5aa765d61d8327deb882cf99", "many": 0}] * 2),
        Break(rows=[{"password_hash": "$2b$04$" + "a" * 53, "many": 0}] * 2),
    ],
    "auth-password-hash-time": [Break(settings={"SOLVENT_BCRYPT_COST": 4})],
    "auth-password-complexity": [Break(answering(201, instead_of=422, on="/register"))],
    "auth-account-lockout": [Break(answering(401, instead_of=429))],
    "auth-session-cookie-flags": [Break(_plain_cookie)],
    "auth-csrf-protection": [Break(answering(303, instead_of=403))],
}

INPUT: Final[dict[str, list[Break]]] = {
    "input-schema-validation": [Break(answering(500, instead_of=422, on="/transactions"))],
    "input-financial-values": [
        Break(answering(201, instead_of=422, on="/transactions")),
        Break(rewording(b"123456789012345", b"123456789012346")),
    ],
    "input-sql-parameterised": [
        Break(
            files={
                "store.py": 'def find(name: str) -> str:\n    return f"select 1 from t {name}"\n'
            }
        ),
        Break(answering(500, instead_of=200, on="/transactions")),
    ],
    "input-xss-prevention": [Break(rewording(b"&lt;img", b"<img"))],
    "input-email": [Break(answering(201, instead_of=422, on="/register"))],
    "input-numeric-range": [Break(answering(200, instead_of=422, on="/transactions"))],
    "input-length-limits": [
        Break(answering(201, instead_of=422, on="/accounts")),
        Break(_in_json(_endless, on="openapi.json")),
    ],
    "input-request-size": [Break(wire=Answer(200, (), b""))],
    "input-filename": [Break(rewording(b'"name":"', b'"name":"../', on="/imports"))],
    "input-tags": [Break(rewording(b'"Food"', b'" Food "'))],
    "input-special-characters": [Break(rewording("東".encode(), b"?"))],
}

SECRETS: Final[dict[str, list[Break]]] = {
    "secrets-published-refused": [
        Break(environ={"SOLVENT_DATABASE_URL": SAMPLE}),
        Break(ran=ENDED),
    ],
    "secrets-placeholder-refused": [
        Break(environ={"SOLVENT_DATABASE_URL": "postgresql://solvent:changeme-here@db/x"}),
        Break(ran=ENDED),
    ],
    "secrets-jwt-key-256-bit": [
        Break(settings={"SOLVENT_SECRET_KEYS": KeyRing({"a": b"0123456789abcdef"})})
    ],
    "secrets-secret-key-256-bit": [
        Break(settings={"SOLVENT_SECRET_KEYS": KeyRing({"a": b"0123456789abcdef"})})
    ],
    "secrets-previous-key-held": [
        Break(settings={"SOLVENT_SECRET_KEYS": KeyRing({k: k.encode() * 32 for k in "abc"})})
    ],
    "secrets-session-secret": [Break(answering(200, instead_of=303, on="/settings"))],
    "secrets-csrf-secret": [Break(answering(303, instead_of=403))],
    "secrets-distinct-per-purpose": [
        Break(environ={"SOLVENT_SECRET_KEYS": KEY, "SOLVENT_FIELD_KEYS": KEY})
    ],
    "secrets-csprng": [Break(files={"runtime/keys.py": "import random\n"})],
    "secrets-generator-command": [Break(ran=Ran(1, "", ""))],
    "secrets-env-updater": [Break(ran=ENDED)],
    "secrets-database-password-24": [Break(environ={"SOLVENT_DATABASE_URL": SHORT})],
    "secrets-redis-password-32": [
        Break(
            settings={"SOLVENT_REDIS_URL": "redis://:short@redis.example/0"},
            environ={"SOLVENT_REDIS_URL": "redis://:short@redis.example/0"},
        )
    ],
    "secrets-from-environment": [Break(ran=ENDED)],
    "secrets-none-in-source": [Break(files={"keys.py": KEY, SHAPES: ".{90}"})],
    "secrets-hardcoded-scan": [Break(files={SHAPES: ""})],
    "secrets-none-in-documents": [
        Break(environ={"SOLVENT_SECRET_KEYS": KEY}, files={"guide.md": f"Use {KEY}.\n"})
    ],
    "secrets-rotation-90-days": [Break(environ={"SOLVENT_SECRET_KEYS": OLD_KEY})],
    "secrets-manager-backends": [Break(ran=ENDED)],
    "secrets-database-credentials": [
        Break(lets_through=True),
        Break(
            rows=[
                dict.fromkeys(("rolsuper", "rolcreaterole", "rolcreatedb", "rolbypassrls"), True)
                | {"owned": 3}
            ]
        ),
    ],
    "secrets-file-permissions": [Break(environ={"SOLVENT_MAIL_PASSWORD_FILE": "/etc/passwd"})],
}

CONFIG: Final[dict[str, list[Break]]] = {
    "config-required-variables": [Break(ran=ENDED)],
    "config-environment-production": [
        Break(settings={"SOLVENT_ENV": "development"}),
        Break(settings={"SOLVENT_INSECURE_LAN": True}),
    ],
    "config-debug-disabled": [
        Break(rewording(b'"detail"', b'"Traceback (most recent call last)": 1, "detail"'))
    ],
    "config-validator-command": [Break(ran=ENDED)],
    "config-environment-aware-validation": [Break(ran=ENDED)],
    "config-database-url": [Break(ran=Ran(1, "{}", "")), Break(rows=[])],
    "config-redis-url": [Break(ran=ENDED)],
    "config-secure-defaults": [Break(ran=Ran(1, "{}", ""))],
    "config-externalised": [Break(files={"x.py": 'PLACE = "https://money.house-of-ada.com/"\n'})],
    "config-python-floor": [Break(declared={"Requires-Python": [">=3.9"]})],
    "config-dependencies-declared": [
        Break(declared={"Requires-Dist": ["surely-not-there>=1.0", "fastapi>=99"]})
    ],
    "config-env-template": [Break(ran=Ran(0, "SOLVENT_ENV=production\n#SOLVENT_X=1\n", ""))],
    "config-performance-settings": [Break(settings={"SOLVENT_DB_POOL_MAX": 100_000})],
    "config-security-middleware-active": [
        Break(without("content-security-policy")),
        Break(answering(200, instead_of=401)),
    ],
}

AUDIT: Final[dict[str, list[Break]]] = {
    "audit-complete": [Break(_in_json(_lossy, on="/changes"))],
    "audit-transaction-created": [Break(rewording(b"-2100", b"-1", on="/changes"))],
    "audit-separate-store": [Break(rows=[])],
    "audit-append-only": [Break(lets_through=True), Break(rows=[{"seq": 1}])],
    "audit-login-attempts": [Break(rows=[{"seq": 0, "kind": "login.succeeded", "request_id": ""}])],
    "audit-retention": [Break(ran=ENDED), Break(settings={"SOLVENT_RETENTION_AUDIT_DAYS": 30})],
    "audit-request-response": [
        Break(without("x-request-id")),
        Break(rows=[{"seq": 0, "kind": "", "request_id": ""}]),
    ],
}

COMMAND: Final[dict[str, list[Break]]] = {
    "feature-certify-command": [Break(_fickle())],
}

ORIGINS: Final[dict[str, list[Break]]] = {
    "cors-production-allowlist": [Break(saying("access-control-allow-origin", "*"))],
    "cors-origins-from-config": [Break(ran=ENDED)],
    "cors-staging-limited": [Break(ran=ENDED)],
    "cors-development-localhost": [Break(ran=ENDED)],
    "cors-credentials-safe": [
        Break(saying("access-control-allow-credentials", "true")),
        Break(without("vary")),
    ],
    "cors-methods-headers-limited": [Break(saying("access-control-allow-methods", "TRACE"))],
    "config-allowed-hosts": [Break(answering(200, instead_of=400))],
}

RATES: Final[dict[str, list[Break]]] = {
    "ratelimit-ip-100-per-min": [Break(answering(401, instead_of=429))],
    "ratelimit-account-1000-per-min": [
        Break(answering(200, instead_of=429)),
        Break(without("ratelimit-policy")),
    ],
    "ratelimit-login-5-per-15min": [Break(answering(200, instead_of=429))],
    "ratelimit-auth-10-per-min": [Break(answering(401, instead_of=429))],
    "ratelimit-covers-all-routes": [Break(without("ratelimit"))],
    "ratelimit-enabled-in-production": [Break(ran=ENDED)],
    "ratelimit-shared-across-workers": [Break(settings={"SOLVENT_HTTP_WORKERS": 2})],
    "ratelimit-429-tells-when": [Break(without("retry-after"))],
    "ratelimit-client-address-trusted": [Break(_gullible)],
}

WAYS_IN: Final[dict[str, list[Break]]] = {
    "auth-mfa-available": [Break(answering(200, instead_of=401, on="/login"))],
    "auth-role-scopes": [Break(answering(201, instead_of=403))],
    "audit-sensitive-operations": [Break(rows=[{"seq": 0, "kind": "factor.added"}])],
}

BREAKS: Final = (
    ORIGINS | RATES | WAYS_IN | HEADERS | AUTH | INPUT | SECRETS | CONFIG | AUDIT | COMMAND
)
