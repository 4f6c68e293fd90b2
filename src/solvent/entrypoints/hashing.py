"""How an installation hashes passwords, by its settings."""

from solvent.runtime.breaches import Breaches
from solvent.runtime.passwords import Passwords
from solvent.runtime.settinggroups import Settings


def passwords_of(settings: Settings) -> Passwords:
    """Return what makes and checks hashes."""
    breaches = Breaches(settings.breaches_url) if settings.breaches_url else None
    return Passwords(settings.bcrypt_cost, settings.password_scheme, breaches)
