"""The settings of an installation, as frozen groups that are passed down whole.

Each field carries its name in the environment and one sentence for the reference. A field left out
falls to its safe value; keys have none.
"""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from solvent.runtime.edgesettings import (
    AntivirusSettings,
    HttpSettings,
    LimitSettings,
    OutgoingSettings,
)
from solvent.runtime.environment import Name
from solvent.runtime.keys import KeyRing
from solvent.runtime.mailsettings import MailSettings
from solvent.runtime.openidsettings import OpenIdSettings
from solvent.runtime.passwordscheme import PasswordScheme
from solvent.runtime.settinggroup import Group
from solvent.runtime.settingvalues import (
    Network,
    read_database_url,
    read_lower,
    read_networks,
    read_path,
    read_public_url,
    read_redis_url,
)


class Env(StrEnum):
    """What an installation is for."""

    DEVELOPMENT = "development"
    TEST = "test"
    STAGING = "staging"
    PRODUCTION = "production"

    @property
    def is_guarded(self) -> bool:
        """Whether keys and places are demanded rather than made up."""
        return self in {Env.STAGING, Env.PRODUCTION}


class LogLevel(StrEnum):
    """From which weight on an event is logged."""

    DEBUG = "debug"
    INFO = "info"
    WARNING = "warning"
    ERROR = "error"
    CRITICAL = "critical"


class LogFormat(StrEnum):
    """How an event is written."""

    JSON = "json"
    CONSOLE = "console"


class DatabaseSettings(Group):
    """Where PostgreSQL is, and how long it may take."""

    url: Annotated[
        str | None,
        Name("SOLVENT_DATABASE_URL", ("DATABASE_URL", "POSTGRES_URL"), secret=True),
        BeforeValidator(read_database_url),
        Field(
            repr=False,
            description="PostgreSQL 15 or later, as the application's role. Unset: the embedded "
            "server in the data directory.",
        ),
    ] = None
    owner_url: Annotated[
        str | None,
        Name("SOLVENT_DB_OWNER_URL", secret=True),
        BeforeValidator(read_database_url),
        Field(repr=False, description="The same database as the role that owns and migrates it."),
    ] = None
    listen_url: Annotated[
        str | None,
        Name("SOLVENT_DB_LISTEN_URL", secret=True),
        BeforeValidator(read_database_url),
        Field(repr=False, description="The same database round a pooler, for LISTEN."),
    ] = None
    pool_min: Annotated[
        int,
        Name("SOLVENT_DB_POOL_MIN"),
        Field(ge=0, le=200, description="Connections a process keeps open."),
    ] = 1
    pool_max: Annotated[
        int,
        Name("SOLVENT_DB_POOL_MAX", ("SOLVENT_DB_POOL",)),
        Field(ge=1, le=200, description="Connections a process opens at most."),
    ] = 20
    statement_timeout_s: Annotated[
        float,
        Name("SOLVENT_DB_STATEMENT_TIMEOUT_S", ("SOLVENT_DB_STATEMENT_TIMEOUT",)),
        Field(ge=0.1, le=3_600, allow_inf_nan=False, description="Longest statement, seconds."),
    ] = 10.0
    lock_timeout_s: Annotated[
        float,
        Name("SOLVENT_DB_LOCK_TIMEOUT_S", ("SOLVENT_DB_LOCK_TIMEOUT",)),
        Field(ge=0.1, le=3_600, allow_inf_nan=False, description="Longest wait for a lock, s."),
    ] = 3.0
    connect_timeout_s: Annotated[
        float,
        Name("SOLVENT_DB_CONNECT_TIMEOUT_S", ("SOLVENT_DB_CONNECT_TIMEOUT",)),
        Field(ge=0.1, le=300, allow_inf_nan=False, description="Longest wait to connect, s."),
    ] = 5.0


class SecretSettings(Group):
    """The key rings; apart, so that one can be changed without the other."""

    keys: Annotated[
        KeyRing,
        Name("SOLVENT_SECRET_KEYS", ("JWT_SECRET", "JWT_SECRET_KEY", "SECRET_KEY"), secret=True),
        Field(
            description="`kid:base64url[,kid:…]`, newest first, at least 32 bytes each: tokens, "
            "cookies, signed links. Made once in development and test, demanded elsewhere.",
        ),
    ]
    field_keys: Annotated[
        KeyRing,
        Name("SOLVENT_FIELD_KEYS", ("FIELD_ENCRYPTION_KEY", "ENCRYPTION_KEY"), secret=True),
        Field(
            description="The same form: what is encrypted inside the database. Losing it loses "
            "that; made and demanded as above.",
        ),
    ]


class SessionSettings(Group):
    """How long a log-in lasts."""

    access_minutes: Annotated[
        int,
        Name("SOLVENT_SESSION_ACCESS_MINUTES"),
        Field(ge=1, le=60, description="Life of an API access token, minutes."),
    ] = 15
    refresh_days: Annotated[
        int,
        Name("SOLVENT_SESSION_REFRESH_DAYS"),
        Field(ge=1, le=30, description="Life of an API refresh token, days."),
    ] = 7
    page_days: Annotated[
        int,
        Name("SOLVENT_SESSION_PAGE_DAYS"),
        Field(ge=1, le=90, description="Life of a browser's session, days."),
    ] = 30
    proof_minutes: Annotated[
        int,
        Name("SOLVENT_SESSION_PROOF_MINUTES"),
        Field(ge=1, le=60, description="For how long a proof of who one is counts as recent, min."),
    ] = 10


class AuditSettings(Group):
    """How closely security events name where they came from."""

    ipv4_bits: Annotated[
        int,
        Name("SOLVENT_AUDIT_IPV4_BITS"),
        Field(ge=0, le=32, description="Leading bits of an IPv4 address in a security event."),
    ] = 24
    ipv6_bits: Annotated[
        int,
        Name("SOLVENT_AUDIT_IPV6_BITS"),
        Field(ge=0, le=128, description="Leading bits of an IPv6 address in a security event."),
    ] = 48
    operator_networks: Annotated[
        tuple[Network, ...],
        Name("SOLVENT_OPERATOR_NETWORKS"),
        BeforeValidator(read_networks),
        Field(
            description="Networks that operators work from. Unset: this machine and private ones."
        ),
    ] = ()


class RetentionSettings(Group):
    """How long records are kept; the floors cannot be lowered."""

    audit_days: Annotated[
        int,
        Name("SOLVENT_RETENTION_AUDIT_DAYS"),
        Field(ge=365, le=36_500, description="Security events are kept so long, days."),
    ] = 365
    financial_days: Annotated[
        int,
        Name("SOLVENT_RETENTION_FINANCIAL_DAYS"),
        Field(ge=2_557, le=36_500, description="Journals of households are kept so long, days."),
    ] = 2_557


class LogSettings(Group):
    """What is logged, and how."""

    level: Annotated[
        LogLevel,
        Name("SOLVENT_LOG_LEVEL", ("LOG_LEVEL",)),
        BeforeValidator(read_lower),
        Field(description="debug, info, warning, error or critical."),
    ] = LogLevel.INFO
    format: Annotated[
        LogFormat,
        Name("SOLVENT_LOG_FORMAT"),
        BeforeValidator(read_lower),
        Field(description="json (one object a line) or console; console in development."),
    ] = LogFormat.JSON


class Ground(Group):
    """Everything but the keys: what must be known before keys can be found or made."""

    env: Annotated[
        Env,
        Name("SOLVENT_ENV"),
        BeforeValidator(read_lower),
        Field(description="development, test, staging or production."),
    ] = Env.PRODUCTION
    data_dir: Annotated[
        Path | None,
        Name("SOLVENT_DATA_DIR"),
        BeforeValidator(read_path),
        Field(
            description="Where files, made keys and the embedded server live. Unset: "
            "`solvent` in the user's data directory; demanded in production without a database.",
        ),
    ] = None
    public_url: Annotated[
        str,
        Name("SOLVENT_PUBLIC_URL"),
        BeforeValidator(read_public_url),
        Field(description="Address people use. Unset: `http://localhost:PORT`."),
    ] = ""
    insecure_lan: Annotated[
        bool,
        Name("SOLVENT_INSECURE_LAN"),
        Field(description="Allow plain HTTP on another host than localhost."),
    ] = False
    redis_url: Annotated[
        str | None,
        Name("SOLVENT_REDIS_URL", ("REDIS_URL", "UPSTASH_REDIS_URL"), secret=True),
        BeforeValidator(read_redis_url),
        Field(repr=False, description="Shared limits, live rooms and cache. Unset: in memory."),
    ] = None
    secrets_dir: Annotated[
        Path | None,
        Name("SOLVENT_SECRETS_DIR"),
        BeforeValidator(read_path),
        Field(
            description="Directory with a file for each secret, called by its setting, as Docker "
            "and Kubernetes mount it.",
        ),
    ] = None
    aws_secret: Annotated[
        str | None,
        Name("SOLVENT_AWS_SECRET"),
        Field(
            description="Name or ARN of a secret of AWS Secrets Manager: a JSON object of "
            "settings. Needs the extra `aws`; region and login as AWS's own tools find them.",
        ),
    ] = None
    secret_max_age_days: Annotated[
        int,
        Name("SOLVENT_SECRET_MAX_AGE_DAYS"),
        Field(ge=1, le=90, description="When a key counts as too old, days; 90 at most."),
    ] = 90
    bcrypt_cost: Annotated[
        int,
        Name("SOLVENT_BCRYPT_COST", ("BCRYPT_ROUNDS",)),
        Field(ge=4, le=15, description="Cost of a password hash, 12 to 15; from 4 in test."),
    ] = 12
    password_scheme: Annotated[
        PasswordScheme,
        Name("SOLVENT_PASSWORD_SCHEME"),
        BeforeValidator(read_lower),
        Field(description="bcrypt or argon2id; hashes of the other are made anew at log-in."),
    ] = PasswordScheme.BCRYPT
    breaches_url: Annotated[
        str,
        Name("SOLVENT_PASSWORD_BREACHES_URL"),
        Field(
            max_length=500,
            description="Where passwords known from breaches are looked up by five digits of a hash, "
            "such as `https://api.pwnedpasswords.com/range`. Unset: nowhere.",
        ),
    ] = ""
    verify_before_login: Annotated[
        bool,
        Name("SOLVENT_VERIFY_BEFORE_LOGIN"),
        Field(description="Demand a verified address before the first log-in."),
    ] = False
    database: DatabaseSettings = DatabaseSettings()
    limits: LimitSettings = LimitSettings()
    sessions: SessionSettings = SessionSettings()
    audit: AuditSettings = AuditSettings()
    retention: RetentionSettings = RetentionSettings()
    http: HttpSettings = HttpSettings()
    mail: MailSettings = MailSettings()
    antivirus: AntivirusSettings = AntivirusSettings()
    outgoing: OutgoingSettings = OutgoingSettings()
    openid: OpenIdSettings = OpenIdSettings()
    log: LogSettings = LogSettings()


class Settings(Ground):
    """All settings of an installation, checked; handed down from the entry point."""

    secrets: SecretSettings
