"""What a call to another program may come to, other than its answer."""

from solvent.kernel.errors import Refusal
from solvent.runtime.edge.problems import declare

declare(
    {
        "outgoing.answer_too_large": 502,
        "outgoing.forbidden": 422,
        "outgoing.paused": 503,
        "outgoing.unreachable": 502,
    }
)


class ForbiddenAddress(Refusal):
    """The address leads inside a network, or is none that Solvent may ask."""

    code = "outgoing.forbidden"

    def __init__(self, host: str) -> None:
        """Name the ``host``, and where it could be allowed."""
        super().__init__(
            "That address cannot be asked: it must be https, on a public network. Whoever runs "
            "Solvent can allow a host of their own in SOLVENT_OUTGOING_PRIVATE_HOSTS.",
            host=host,
        )


class Unreachable(Refusal):
    """The other program did not answer in time, or not at all."""

    code = "outgoing.unreachable"

    def __init__(self, host: str) -> None:
        """Name the ``host``."""
        super().__init__(f"{host} did not answer. Nothing was changed; try again later.", host=host)


class AnswerTooLarge(Refusal):
    """The other program's answer is beyond the limit."""

    code = "outgoing.answer_too_large"

    def __init__(self, host: str, *, bytes_max: int) -> None:
        """Name the ``host`` and the limit."""
        super().__init__(
            f"The answer of {host} is larger than the {bytes_max} bytes that are read "
            "(SOLVENT_OUTGOING_ANSWER_BYTES_MAX).",
            host=host,
            bytes_max=bytes_max,
        )


class CallsPaused(Refusal):
    """The other program failed several times in a row, so it is left alone for a while."""

    code = "outgoing.paused"

    def __init__(self, host: str, *, retry_after_s: int) -> None:
        """Name the ``host`` and the pause."""
        super().__init__(
            f"{host} has failed several times and is left alone for a moment; try again later.",
            host=host,
            retry_after_s=retry_after_s,
        )
