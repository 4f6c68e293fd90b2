"""Refusals as RFC 9457 problems: one table from code to status, one shape of answer.

Source: RFC 9457, Problem Details for HTTP APIs. A bug becomes a bare 500 with the request's id; what
went wrong stands in the log, redacted, and never in the answer.
"""

from http import HTTPStatus
from typing import Any, Final

import msgspec
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from solvent.kernel.errors import Refusal
from solvent.runtime.log import logger

log = logger("edge")

STATUSES: Final[dict[str, int]] = {
    "bad_value": 422,
    "not_allowed": 403,
    "not_found": 404,
    "refused": 400,
    "money.mixed_currencies": 422,
    "money.not_an_amount": 422,
    "money.out_of_range": 422,
    "money.sum_out_of_range": 422,
    "money.unknown_currency": 422,
    "identity.not_logged_in": 401,
    "identity.proof_needed": 403,
    "identity.openid_refused": 403,
    "identity.openid_taken": 409,
    "identity.openid_unavailable": 503,
    "identity.token_may_not": 403,
    "identity.too_many_links": 409,
    "request.bad_key": 422,
    "request.bad_version": 422,
    "request.csrf": 403,
    "request.invalid": 422,
    "request.key_in_flight": 409,
    "request.key_reused": 422,
    "request.shown_once": 409,
    "request.version_stale": 412,
    "runtime.bad_keys": 503,
    "runtime.books_busy": 503,
    "runtime.data_dir_in_use": 503,
    "runtime.data_dir_unreachable": 503,
    "runtime.data_dir_version": 503,
    "runtime.database_unavailable": 503,
    "runtime.disk_full": 503,
    "runtime.embedded_start_failed": 503,
    "runtime.outcome_unknown": 503,
    "runtime.roles_missing": 503,
    "runtime.role_not_granted": 503,
    "runtime.role_too_strong": 503,
    "runtime.schema_newer": 503,
    "runtime.too_busy": 503,
    "runtime.unknown_key": 401,
    "upload.active_content": 422,
    "upload.archive": 422,
    "upload.infected": 422,
    "upload.program": 422,
    "upload.refused": 422,
    "upload.two_kinds": 422,
    "upload.unchecked": 503,
    "upload.unwanted_kind": 422,
}
"""Every refusal's code and the status it is answered with; slices add theirs with :func:`declare`."""

RETRY_AFTER_S: Final[dict[str, int]] = {
    "request.key_in_flight": 1,
    "runtime.books_busy": 1,
    "runtime.database_unavailable": 2,
    "runtime.outcome_unknown": 2,
    "runtime.too_busy": 2,
}

MEDIA_TYPE = "application/problem+json"


def declare(statuses: dict[str, int]) -> None:
    """Add a slice's codes to the table; a code may be declared once only."""
    for code, status in statuses.items():
        if STATUSES.setdefault(code, status) != status:
            raise ValueError(f"{code} is declared twice, with different statuses")


def problem(
    status: int, code: str, detail: str, facts: dict[str, object], request_id: str
) -> Response:
    """Build one problem answer; ``facts`` stand beside the standard members."""
    body: dict[str, object] = {
        "type": f"https://solvent.example/problems/{code}",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "detail": detail,
        "code": code,
        "request_id": request_id,
    }
    headers = {"cache-control": "no-store"}
    if code in RETRY_AFTER_S:
        headers["retry-after"] = str(RETRY_AFTER_S[code])
    if status == HTTPStatus.UNAUTHORIZED:
        headers["www-authenticate"] = "Bearer"
    return Response(msgspec.json.encode(facts | body), status, headers, MEDIA_TYPE)


def request_id_of(request: Request) -> str:
    """Return the id that the outermost layer gave this request."""
    found: Any = request.scope.get("state", {}).get("request_id", "")
    return str(found)


def refusal_answer(request: Request, refusal: Exception) -> Response:
    """Answer a :class:`Refusal` by the table."""
    if not isinstance(refusal, Refusal):
        raise refusal
    status = STATUSES.get(refusal.code, HTTPStatus.BAD_REQUEST)
    answer = problem(
        status, refusal.code, refusal.message, dict(refusal.facts), request_id_of(request)
    )
    wait = refusal.facts.get("retry_after_s")
    if isinstance(wait, int):
        answer.headers["retry-after"] = str(wait)
    return answer


def invalid_answer(request: Request, invalid: Exception) -> Response:
    """Answer a request whose path, query or body does not have the documented shape."""
    if not isinstance(invalid, RequestValidationError):
        raise invalid
    errors = [
        {"place": ".".join(_printable(part) for part in error["loc"]), "message": str(error["msg"])}
        for error in invalid.errors()
    ]
    places = ", ".join(error["place"] for error in errors[:5])
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        "request.invalid",
        f"The request is not as documented at {places}.",
        {"errors": errors[:50]},
        request_id_of(request),
    )


def http_answer(request: Request, error: Exception) -> Response:
    """Answer what the framework itself refuses: unknown route, wrong method, bad multipart."""
    if not isinstance(error, HTTPException):
        raise error
    code = {404: "not_found", 405: "request.method", 413: "request.too_large"}.get(
        error.status_code, "request.invalid"
    )
    # The framework says 400 to a body that it cannot read, and 422 to one of the wrong shape.
    status = 422 if error.status_code == HTTPStatus.BAD_REQUEST else error.status_code
    answer = problem(status, code, str(error.detail), {}, request_id_of(request))
    for name, value in (error.headers or {}).items():
        answer.headers[name] = value
    return answer


def _printable(part: object) -> str:
    """Return one step of a place; what the client itself named may hold anything."""
    return str(part).encode("utf-8", "replace").decode()


def bug_answer(request: Request, bug: Exception) -> Response:
    """Answer a bug: nothing of it but the request's id."""
    log.error("request.failed", exc_info=bug, path=request.url.path)
    return problem(
        HTTPStatus.INTERNAL_SERVER_ERROR,
        "internal",
        "Something went wrong on our side; nothing was changed. "
        "The request id leads the operator to the reason.",
        {},
        request_id_of(request),
    )
