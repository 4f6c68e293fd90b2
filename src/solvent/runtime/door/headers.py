"""The security headers: one set for every answer, whatever it answers.

They are chosen for a program whose pages load nothing from elsewhere, run no inline script, and want
none of a browser's devices. Source: OWASP Secure Headers, MDN's HTTP Observatory, W3C CSP 3.
"""

from typing import Final

from solvent.runtime.edge.violations import POLICY_REPORTS_PATH

Pairs = tuple[tuple[bytes, bytes], ...]

REPORT_GROUP: Final = "policy"

CONTENT_SECURITY_POLICY: Final = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "object-src 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "base-uri 'none'",
        f"report-uri {POLICY_REPORTS_PATH}",
        f"report-to {REPORT_GROUP}",
    )
)

UNUSED_FEATURES: Final = (
    "accelerometer",
    "autoplay",
    "browsing-topics",
    "camera",
    "display-capture",
    "encrypted-media",
    "geolocation",
    "gyroscope",
    "hid",
    "magnetometer",
    "microphone",
    "midi",
    "payment",
    "screen-wake-lock",
    "serial",
    "usb",
    "xr-spatial-tracking",
)
"""What a browser could lend a page, and our pages do not ask for."""

PERMISSIONS_POLICY: Final = ", ".join(f"{feature}=()" for feature in UNUSED_FEATURES)

ALWAYS: Final[Pairs] = (
    (b"content-security-policy", CONTENT_SECURITY_POLICY.encode()),
    (b"reporting-endpoints", f'{REPORT_GROUP}="{POLICY_REPORTS_PATH}"'.encode()),
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cross-origin-embedder-policy", b"require-corp"),
    (b"origin-agent-cluster", b"?1"),
    (b"x-permitted-cross-domain-policies", b"none"),
    (b"permissions-policy", PERMISSIONS_POLICY.encode()),
    (b"cache-control", b"no-store"),
)


class SecurityHeaders:
    """The headers of an installation, made once: for plain connections and for encrypted ones."""

    def __init__(self, *, xss: str, strict_transport: str) -> None:
        """Send ``xss`` as X-XSS-Protection; ``strict_transport`` over HTTPS, unless empty."""
        self.plain: Pairs = (*ALWAYS, (b"x-xss-protection", xss.encode()))
        strict = ((b"strict-transport-security", strict_transport.encode()),)
        self.secure: Pairs = (*self.plain, *strict) if strict_transport else self.plain
