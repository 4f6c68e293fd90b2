"""What each refusal of readiness would be over HTTP."""

from typing import Final

STATUSES: Final[dict[str, int]] = {
    "readiness.bad_record": 422,
    "readiness.nothing_answers": 503,
    "readiness.report_refused": 422,
    "readiness.unknown_area": 422,
}
