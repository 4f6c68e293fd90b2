"""A provider of identities outside (OpenID Connect) through which people may log in."""

from typing import Annotated

from pydantic import BeforeValidator, Field

from solvent.runtime.environment import Name
from solvent.runtime.settinggroup import Group
from solvent.runtime.settingvalues import read_issuer


class OpenIdSettings(Group):
    """Who the provider is, what Solvent is to it, and what it may do here."""

    issuer: Annotated[
        str | None,
        Name("SOLVENT_OIDC_ISSUER"),
        BeforeValidator(read_issuer),
        Field(
            description="The provider's issuer, exactly as its discovery document has it; HTTPS, or "
            "this machine. Unset: nobody logs in from outside.",
        ),
    ] = None
    client_id: Annotated[
        str,
        Name("SOLVENT_OIDC_CLIENT_ID"),
        Field(max_length=255, description="What the provider calls this Solvent."),
    ] = ""
    client_secret: Annotated[
        str,
        Name("SOLVENT_OIDC_CLIENT_SECRET", secret=True),
        Field(
            max_length=1_000,
            repr=False,
            description="What Solvent proves that with; a public client has none.",
        ),
    ] = ""
    scopes: Annotated[
        str,
        Name("SOLVENT_OIDC_SCOPES"),
        Field(
            max_length=500,
            pattern="^[!#-\\[\\]-~]+( [!#-\\[\\]-~]+)*$",
            description="What is asked for, parted by spaces; `openid` is always among it.",
        ),
    ] = "openid email profile"
    label: Annotated[
        str,
        Name("SOLVENT_OIDC_LABEL"),
        Field(min_length=1, max_length=60, description="What the button calls the provider."),
    ] = "single sign-on"
    allow_registration: Annotated[
        bool,
        Name("SOLVENT_OIDC_ALLOW_REGISTRATION"),
        Field(description="Whether somebody whom the provider knows may sign up through it."),
    ] = False

    @property
    def is_configured(self) -> bool:
        """Whether there is a provider to speak to."""
        return self.issuer is not None and bool(self.client_id)
