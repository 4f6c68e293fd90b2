"""The provider of identities outside, where the settings name one."""

import httpx2

from solvent.identity.openid.provider import OpenIdProvider
from solvent.kernel.clock import Clock
from solvent.runtime.settinggroups import Settings
from solvent.web.openid import CALLBACK_PATH

CONNECTIONS_MAX = 10


def openid_provider(settings: Settings, clock: Clock) -> OpenIdProvider | None:
    """Return the provider through which people may log in, or None.

    The client follows no redirect and takes no proxy from the environment.
    """
    if not settings.openid.is_configured:
        return None
    limits = httpx2.Limits(max_connections=CONNECTIONS_MAX)
    client = httpx2.AsyncClient(follow_redirects=False, trust_env=False, limits=limits)
    redirect_uri = settings.public_url.rstrip("/") + CALLBACK_PATH
    return OpenIdProvider(settings.openid, redirect_uri=redirect_uri, clock=clock, client=client)
