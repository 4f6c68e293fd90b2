"""Choose a password: the rules, then the slow hash, outside of any transaction."""

from anyio import to_thread
from zxcvbn_rs_py import zxcvbn

from solvent.identity.domain import WeakPassword, check_password, normal_email
from solvent.runtime.passwords import PasswordHash, Passwords

SCORE_MIN = 3
"""Of 0 to 4: more than a hundred million guesses of somebody who knows how people choose."""
CHARS_SCORED_MAX = 100


async def choose_password(passwords: Passwords, *, password: str, email: str) -> PasswordHash:
    """Return the hash of a ``password`` that keeps the rules; refuse one that does not."""
    address = normal_email(email)
    check_password(password, email=address)
    if await to_thread.run_sync(_score, password, address) < SCORE_MIN:
        raise WeakPassword(
            "This password is easy to guess: it is a common one, or a pattern. "
            "Take a few words that do not belong together."
        )
    if await passwords.is_breached(password):
        raise WeakPassword(
            "This password is known from a breach elsewhere, so that others will try it. Take another."
        )
    return await passwords.hash(password)


def _score(password: str, email: str) -> int:
    """Return how hard the password is to guess; common ones, words and dates are known to it."""
    own = [email, *email.replace("@", ".").split(".")]
    return int(zxcvbn(password[:CHARS_SCORED_MAX], own).score)
