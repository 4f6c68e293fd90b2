"""What each refusal of the entry points would be over HTTP, where it ever got there."""

from typing import Final

STATUSES: Final[dict[str, int]] = {
    "entrypoints.database_ended": 503,
    "entrypoints.no_books": 503,
    "entrypoints.not_let_in": 503,
    "entrypoints.not_verifiable": 503,
    "entrypoints.port_taken": 503,
    "entrypoints.schema_behind": 503,
    "entrypoints.settings_refused": 503,
    "runtime.nowhere": 503,
    "runtime.secret_file": 503,
}
