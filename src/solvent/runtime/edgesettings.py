"""Settings of the edge: what is listened on and let in, how often, and where we may go ourselves."""

from enum import StrEnum
from typing import Annotated

from pydantic import BeforeValidator, Field

from solvent.runtime.environment import Name
from solvent.runtime.settinggroup import MIB, Group
from solvent.runtime.settingvalues import (
    Network,
    Rate,
    read_clamd_url,
    read_hosts,
    read_lower,
    read_networks,
    read_origins,
    read_rate,
    read_size,
    read_strict_transport,
)


class ProxyHeaders(StrEnum):
    """Which headers a proxy writes about the client; the others are never read."""

    USUAL = "x-forwarded"
    STANDARD = "forwarded"


class XssHeader(StrEnum):
    """What X-XSS-Protection says; only old browsers listen."""

    BLOCK = "1; mode=block"
    OFF = "0"


class RedisLoss(StrEnum):
    """What becomes of shared limits while Redis is away."""

    LOCAL = "local"
    DENY = "deny"


class LimitSettings(Group):
    """How often things may be done."""

    rate_ip: Annotated[
        Rate,
        Name("SOLVENT_RATE_IP"),
        BeforeValidator(read_rate),
        Field(description="Requests of one address."),
    ] = Rate(100, 60)
    rate_account: Annotated[
        Rate,
        Name("SOLVENT_RATE_ACCOUNT"),
        BeforeValidator(read_rate),
        Field(description="Requests of one person or token."),
    ] = Rate(1_000, 60)
    rate_login: Annotated[
        Rate,
        Name("SOLVENT_RATE_LOGIN"),
        BeforeValidator(read_rate),
        Field(description="Attempts to log in, by address and by name."),
    ] = Rate(5, 900)
    lockout_threshold: Annotated[
        int,
        Name("SOLVENT_LOCKOUT_THRESHOLD"),
        Field(ge=3, le=20, description="Failed log-ins of one name that lock its account."),
    ] = 5
    lockout_seconds: Annotated[
        int,
        Name("SOLVENT_LOCKOUT_SECONDS"),
        Field(
            ge=60, le=86_400, description="For how long at first; each further failure doubles it."
        ),
    ] = 900
    rate_auth: Annotated[
        Rate,
        Name("SOLVENT_RATE_AUTH"),
        BeforeValidator(read_rate),
        Field(description="Registrations, refreshes and resets of one address."),
    ] = Rate(10, 60)
    on_redis_loss: Annotated[
        RedisLoss,
        Name("SOLVENT_RATE_ON_REDIS_LOSS"),
        BeforeValidator(read_lower),
        Field(description="While Redis is away: local (each process its share) or deny (nobody)."),
    ] = RedisLoss.LOCAL
    rate_ai: Annotated[
        Rate,
        Name("SOLVENT_RATE_AI"),
        BeforeValidator(read_rate),
        Field(description="Questions of one person to the assistant."),
    ] = Rate(10, 60)


class HttpSettings(Group):
    """What is listened on, and what is let in."""

    host: Annotated[
        str,
        Name("SOLVENT_HTTP_HOST"),
        Field(min_length=1, max_length=255, description="Address to listen on."),
    ] = "127.0.0.1"
    port: Annotated[
        int,
        Name("SOLVENT_HTTP_PORT", ("PORT",)),
        Field(ge=1, le=65_535, description="Port to listen on."),
    ] = 8_800
    workers: Annotated[
        int,
        Name("SOLVENT_HTTP_WORKERS", ("SOLVENT_WORKERS", "WEB_CONCURRENCY")),
        Field(ge=1, le=64, description="Web processes; more than one demands Redis."),
    ] = 1
    request_bytes_max: Annotated[
        int,
        Name("SOLVENT_HTTP_REQUEST_BYTES_MAX", ("SOLVENT_MAX_BODY",)),
        BeforeValidator(read_size),
        Field(ge=1_024, le=64 * MIB, description="Largest body that is not an upload, bytes."),
    ] = MIB
    upload_bytes_max: Annotated[
        int,
        Name("SOLVENT_HTTP_UPLOAD_BYTES_MAX", ("SOLVENT_MAX_UPLOAD",)),
        BeforeValidator(read_size),
        Field(ge=1_024, le=100 * MIB, description="Largest uploaded file, bytes."),
    ] = 100 * MIB
    answer_timeout_s: Annotated[
        float,
        Name("SOLVENT_HTTP_ANSWER_TIMEOUT_S"),
        Field(ge=1, le=600, allow_inf_nan=False, description="Longest work on one answer, s."),
    ] = 60.0
    trusted_proxies: Annotated[
        tuple[Network, ...],
        Name("SOLVENT_HTTP_TRUSTED_PROXIES", ("FORWARDED_ALLOW_IPS",)),
        BeforeValidator(read_networks),
        Field(description="Networks whose word on the client's address and scheme is taken."),
    ] = ()
    proxy_headers: Annotated[
        ProxyHeaders,
        Name("SOLVENT_HTTP_PROXY_HEADERS"),
        BeforeValidator(read_lower),
        Field(description="What those proxies write: x-forwarded or forwarded (RFC 7239)."),
    ] = ProxyHeaders.USUAL
    allowed_hosts: Annotated[
        tuple[str, ...],
        Name("SOLVENT_ALLOWED_HOSTS", ("ALLOWED_HOSTS",)),
        BeforeValidator(read_hosts),
        Field(
            description="Host names that are answered to, beside this machine's own; `.money.example` "
            "stands for all that end so. Unset: the host of SOLVENT_PUBLIC_URL."
        ),
    ] = ()
    strict_transport: Annotated[
        str,
        Name("SOLVENT_HTTP_HSTS", ("SOLVENT_HSTS",)),
        BeforeValidator(read_strict_transport),
        Field(description="Strict-Transport-Security of answers over HTTPS; `off` sends none."),
    ] = "max-age=31536000; includeSubDomains"
    xss: Annotated[
        XssHeader,
        Name("SOLVENT_HTTP_XSS_HEADER", ("SOLVENT_XSS_HEADER",)),
        BeforeValidator(read_lower),
        Field(description="X-XSS-Protection: `1; mode=block` or `0`."),
    ] = XssHeader.BLOCK
    allowed_origins: Annotated[
        tuple[str, ...],
        Name("SOLVENT_HTTP_ALLOWED_ORIGINS", ("ALLOWED_ORIGINS", "CORS_ORIGINS")),
        BeforeValidator(read_origins),
        Field(description="Other origins whose pages may call the API."),
    ] = ()


class AntivirusSettings(Group):
    """Who looks through files that are sent, before they are read."""

    clamd_url: Annotated[
        str | None,
        Name("SOLVENT_CLAMD_URL"),
        BeforeValidator(read_clamd_url),
        Field(
            description="ClamAV's daemon, such as `tcp://127.0.0.1:3310`; needs the extra "
            "`antivirus`. Unset: files are not scanned.",
        ),
    ] = None
    clamd_fails_open: Annotated[
        bool,
        Name("SOLVENT_CLAMD_FAILS_OPEN"),
        Field(description="Whether files are taken unchecked while the scanner is away."),
    ] = False
    timeout_s: Annotated[
        float,
        Name("SOLVENT_CLAMD_TIMEOUT_S"),
        Field(ge=0.1, le=300, allow_inf_nan=False, description="Longest scan of one file, s."),
    ] = 30.0


class OutgoingSettings(Group):
    """Where Solvent itself may go, and how long it waits there."""

    private_hosts: Annotated[
        tuple[str, ...],
        Name("SOLVENT_OUTGOING_PRIVATE_HOSTS"),
        BeforeValidator(read_hosts),
        Field(
            description="Hosts on private networks that may be asked all the same, and without "
            "TLS: a log-in of your own, a model in the cellar."
        ),
    ] = ()
    timeout_s: Annotated[
        float,
        Name("SOLVENT_OUTGOING_TIMEOUT_S"),
        Field(ge=0.1, le=300, allow_inf_nan=False, description="Longest call with its repeats, s."),
    ] = 20.0
    answer_bytes_max: Annotated[
        int,
        Name("SOLVENT_OUTGOING_ANSWER_BYTES_MAX"),
        BeforeValidator(read_size),
        Field(ge=1_024, le=100 * MIB, description="Largest answer that is read, bytes."),
    ] = 5 * MIB
