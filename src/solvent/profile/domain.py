"""Why an account cannot be closed."""

from solvent.kernel.errors import Refusal


class OthersWouldBeLeft(Refusal):
    """The person is the only owner of a household that others are members of."""

    code = "profile.others_would_be_left"

    def __init__(self, households: list[str]) -> None:
        """Name the households and what to do."""
        named = ", ".join(households)
        super().__init__(
            f"You are the only owner of {named}, and others keep books there. Make one of them an "
            "owner, or remove them, and close your account then.",
            households=named,
        )
