"""What a personal access token must be for, where one is asked."""

from typing import Final, TypeAlias

from solvent.kernel.errors import Refusal

Permit: TypeAlias = frozenset[str]
"""The scopes of which a personal access token must have one to be let in; none lets in no token."""

NO_TOKEN: Final[Permit] = frozenset()


class TokenMayNot(Refusal):
    """A personal access token without the scope that this wants, or where no token is let in."""

    code = "identity.token_may_not"
    denies = True

    def __init__(self, permit: Permit) -> None:
        """Name the scopes of which one would do."""
        wanted = sorted(permit)
        remedy = (
            f"Make one with the scope {' or '.join(wanted)} under Settings, Access tokens."
            if wanted
            else "Log in to do this yourself."
        )
        super().__init__(
            f"This access token may not do that. {remedy}", scope=" ".join(wanted) or None
        )
