"""How hashes of new passwords are made; apart, for the settings need the name and not the engine."""

from enum import StrEnum


class PasswordScheme(StrEnum):
    """How new hashes are made."""

    BCRYPT = "bcrypt"
    ARGON2ID = "argon2id"
