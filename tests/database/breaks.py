"""What is broken to see each probe fail, by the claim that it proves."""

from typing import Final

from tests.database.probing import Break
from tests.tampering import Exchanged, answering, rewording, saying, without


def _same_id(exchanged: Exchanged) -> None:
    exchanged.put("x-request-id", "always-the-same-id")


def _loose_errors(exchanged: Exchanged) -> None:
    if exchanged.status >= 400:
        exchanged.drop("referrer-policy")


def _framed_page(exchanged: Exchanged) -> None:
    if "html" in exchanged.header("content-type"):
        exchanged.put("x-frame-options", "SAMEORIGIN")


LOOSE_POLICY = "default-src 'none'; script-src 'self' 'unsafe-inline'; frame-ancestors 'none'"

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
    "auth-login-and-refresh-issued": [
        Break(answering(500, instead_of=200, on="/refresh")),
        Break(rewording(b'"access_token"', b'"other"', on="/refresh")),
    ],
    "auth-access-token-15min": [Break(rewording(b"900", b"3600", on="/login"))],
    "auth-refresh-rotation-reuse": [Break(answering(200, instead_of=401, on="/refresh"))],
    "auth-logout-ends-session": [Break(answering(200, instead_of=401))],
}

BREAKS: Final = HEADERS | AUTH
