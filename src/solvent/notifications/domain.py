"""What can become of a letter."""

from dataclasses import dataclass

from solvent.kernel.errors import Refusal


class LetterRefused(Refusal):
    """The mail server will never take this letter."""

    code = "notifications.letter_refused"

    def __init__(self, *, code: int) -> None:
        """Repeat the server's answer as a number: its words may name somebody."""
        super().__init__(
            f"The mail server refuses a letter for good (answer {code}). Its log says why; "
            "`solvent jobs` lists what waits.",
            answer=code,
        )


class OutcomeOfLetterUnknown(Refusal):
    """The line to the mail server, or the worker, went in the moment of handing a letter over."""

    code = "notifications.outcome_unknown"

    def __init__(self) -> None:
        """Say what an operator can do."""
        super().__init__(
            "A letter may have been sent or not, so it is not sent again by itself. "
            "`solvent jobs` lists it; retry it there to risk a second copy."
        )


@dataclass(frozen=True, slots=True)
class Writing:
    """A letter as it reads: one line about it, and its body in two forms."""

    subject: str
    text: str
    html: str
