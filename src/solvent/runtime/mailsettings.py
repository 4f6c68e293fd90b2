"""How letters leave the house."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

from pydantic import BeforeValidator, Field

from solvent.runtime.environment import Name
from solvent.runtime.settinggroup import Group
from solvent.runtime.settingvalues import read_lower, read_mail_address, read_path


class MailDriver(StrEnum):
    """Who carries a letter."""

    SMTP = "smtp"
    FILE = "file"
    CONSOLE = "console"


class MailSecurity(StrEnum):
    """How the line to the server that takes mail in is kept from others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


class MailSettings(Group):
    """Where letters go, and what stands at their head."""

    driver: Annotated[
        MailDriver | None,
        Name("SOLVENT_MAIL_DRIVER"),
        BeforeValidator(read_lower),
        Field(
            description="smtp, file (into `mail` of the data directory) or console (development "
            "only). Unset: smtp where it has a host, else file.",
        ),
    ] = None
    sender: Annotated[
        str,
        Name("SOLVENT_MAIL_FROM", ("EMAIL_FROM", "MAIL_FROM")),
        BeforeValidator(read_mail_address),
        Field(description="Address that letters come from. Unset: `solvent@` the public host."),
    ] = ""
    host: Annotated[
        str,
        Name("SOLVENT_MAIL_HOST", ("SMTP_HOST",)),
        Field(max_length=255, description="Server that takes mail in; demanded by smtp."),
    ] = ""
    port: Annotated[
        int,
        Name("SOLVENT_MAIL_PORT", ("SMTP_PORT",)),
        Field(ge=1, le=65_535, description="Its port."),
    ] = 587
    security: Annotated[
        MailSecurity,
        Name("SOLVENT_MAIL_SECURITY"),
        BeforeValidator(read_lower),
        Field(description="starttls, tls (mostly port 465) or none (to this machine only)."),
    ] = MailSecurity.STARTTLS
    user: Annotated[
        str,
        Name("SOLVENT_MAIL_USER", ("SMTP_USER", "SMTP_USERNAME")),
        Field(max_length=255, description="Who logs in there. Unset: nobody."),
    ] = ""
    password: Annotated[
        str | None,
        Name("SOLVENT_MAIL_PASSWORD", ("SMTP_PASSWORD",), secret=True),
        Field(repr=False, description="With which password."),
    ] = None
    ca_file: Annotated[
        Path | None,
        Name("SOLVENT_MAIL_CA_FILE"),
        BeforeValidator(read_path),
        Field(description="Certificates to trust there instead of the system's."),
    ] = None
    timeout_s: Annotated[
        float,
        Name("SOLVENT_MAIL_TIMEOUT_S"),
        Field(ge=0.1, le=300, allow_inf_nan=False, description="Longest wait for one answer, s."),
    ] = 20.0
