"""Randomness: seeded and handed in, so that whatever was drawn can be drawn again."""

import random
from typing import TypeAlias

Chance: TypeAlias = random.Random
"""A stream of numbers that a seed decides; nothing secret may ever come from it."""


def seeded(seed: int) -> Chance:
    """Return the stream of ``seed``: equal seeds give equal numbers on every machine."""
    return random.Random(seed)  # noqa: S311 - reproducible on purpose; secrets come from keys
