"""What each refusal of notifications would be over HTTP, where it ever got there."""

from typing import Final

STATUSES: Final[dict[str, int]] = {
    "notifications.letter_refused": 502,
    "notifications.outcome_unknown": 503,
}
