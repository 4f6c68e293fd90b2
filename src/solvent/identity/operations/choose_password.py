"""Choose a password: the rules, then the slow hash, outside of any transaction."""

from solvent.identity.domain import check_password, normal_email
from solvent.runtime.passwords import PasswordHash, Passwords


async def choose_password(passwords: Passwords, *, password: str, email: str) -> PasswordHash:
    """Return the hash of a ``password`` that keeps the rules; refuse one that does not."""
    check_password(password, email=normal_email(email))
    return await passwords.hash(password)
