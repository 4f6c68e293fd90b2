"""Imports over HTTP: drop a file, commit it, undo it, bring it back."""

from typing import Annotated, Literal
from uuid import UUID

import msgspec
from fastapi import APIRouter, File, Form, Query, Request, UploadFile
from pydantic import BaseModel
from starlette.responses import Response

from solvent.intake.domain import ImportSummary
from solvent.intake.formats.reading import ROWS_MAX, NeedsAnswer, Question
from solvent.intake.operations.commit_import import commit_import
from solvent.intake.operations.import_file import ImportAnswer, Upload, import_file
from solvent.intake.operations.list_imports import ImportView, list_imports, show_import
from solvent.intake.operations.list_rows import list_rows
from solvent.intake.operations.queue_import import queue_import
from solvent.intake.operations.redo_import import redo_import
from solvent.intake.operations.undo_import import undo_import
from solvent.intake.statuses import STATUSES
from solvent.kernel.errors import BadValue
from solvent.runtime.edge.answers import json_answer
from solvent.runtime.edge.documented import problems
from solvent.runtime.edge.facilities import facilities
from solvent.runtime.edge.problems import declare, problem, request_id_of
from solvent.runtime.edge.routes import CurrentWork, HouseholdRoute

declare(STATUSES)

MAPPING_CHARS_MAX = 20_000

router = APIRouter(
    prefix="/api/v1/households/{household}/imports", tags=["imports"], route_class=HouseholdRoute
)


class CommitBody(BaseModel):
    """Answers to the questions of a preview; ``account`` may be ``new``."""

    account: UUID | Literal["new"] | None = None
    mapping: dict[str, object] | None = None


@router.post("", status_code=201, response_model=None, responses=problems(401, 404, 409, 413, 422))
async def post_import(
    request: Request,
    work: CurrentWork,
    file: Annotated[UploadFile, File()],
    account: Annotated[UUID | Literal["new", ""] | None, Form()] = None,
    mapping: Annotated[str | None, Form(max_length=MAPPING_CHARS_MAX)] = None,
    *,
    commit: Annotated[bool, Form()] = True,
) -> Response:
    """Import a bank file, or only preview it with ``commit=false``."""
    upload = Upload(
        file.file,
        file.filename or "file",
        account if isinstance(account, UUID) else None,
        parse_mapping(mapping),
        new_account=account == "new",
    )
    answer = await import_file(
        work, upload=upload, commit=commit, antivirus=facilities(request).antivirus
    )
    if commit and answer.summary.questions:
        return _needs_answer(request, answer.id, answer.summary.questions)
    return json_answer(present(answer), 201)


@router.get("", response_model=None, responses=problems(401, 404, 422))
async def get_imports(
    work: CurrentWork, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> Response:
    """List the newest imports."""
    items = [present_view(view) for view in await list_imports(work, limit=limit)]
    return json_answer({"items": items, "next_cursor": None})


@router.get("/{source}", response_model=None, responses=problems(401, 404, 422))
async def get_import(source: UUID, work: CurrentWork) -> Response:
    """Read one import, with its progress while it runs."""
    view = await show_import(work, source=source)
    return json_answer(present_view(view), headers={"cache-control": "no-store", "etag": '""'})


@router.get("/{source}/rows", response_model=None, responses=problems(401, 404, 422))
async def get_rows(
    source: UUID,
    work: CurrentWork,
    after: Annotated[int, Query(ge=0, le=ROWS_MAX)] = 0,
    limit: Annotated[int, Query(ge=1, le=1000)] = 100,
) -> Response:
    """List the rows of an import as the bank wrote them, with what stands for each."""
    rows = await list_rows(work, source=source, after=after, limit=limit)
    following = str(rows[-1].ordinal) if len(rows) == limit else None
    return json_answer({"items": rows, "next_cursor": following})


@router.post(
    "/{source}/commit",
    response_model=None,
    responses=problems(401, 404, 409, 413, 422) | {202: {"description": "A job books it."}},
)
async def post_commit(
    request: Request,
    source: UUID,
    work: CurrentWork,
    body: CommitBody | None = None,
    *,
    background: bool = False,
) -> Response:
    """Book a previewed file, with the answers to its questions; by a job with ``background``."""
    said = body or CommitBody()
    account = said.account if isinstance(said.account, UUID) else None
    new_account = said.account == "new"
    mapping = keepable(said.mapping)
    if background:
        queued = await queue_import(
            work, source=source, account=account, mapping=mapping, new_account=new_account
        )
        return json_answer(present(queued), 202)
    try:
        answer = await commit_import(
            work, source=source, account=account, mapping=mapping, new_account=new_account
        )
    except NeedsAnswer as needs:
        return _needs_answer(request, source, list(needs.questions))
    return json_answer(present(answer))


@router.post("/{source}/undo", response_model=None, responses=problems(401, 404, 409, 422))
async def post_undo(
    source: UUID, work: CurrentWork, edited: Literal["keep", "remove"] = "keep"
) -> Response:
    """Take an import back; what was edited since is kept and listed unless ``edited=remove``."""
    return json_answer(await undo_import(work, source=source, remove_edited=edited == "remove"))


@router.post("/{source}/redo", response_model=None, responses=problems(401, 404, 409, 422))
async def post_redo(source: UUID, work: CurrentWork) -> Response:
    """Bring an undone import back."""
    return json_answer(present(await redo_import(work, source=source)))


def parse_mapping(text: str | None) -> dict[str, object] | None:
    """Read a mapping given as JSON text; refuse anything but an object."""
    if not text:
        return None
    try:
        return keepable(msgspec.json.decode(text, type=dict[str, object]))
    except (msgspec.DecodeError, RecursionError) as bad:
        raise BadValue("The mapping is no JSON object.", field="mapping") from bad


def keepable(mapping: dict[str, object] | None) -> dict[str, object] | None:
    """Return ``mapping``; refuse one with a NUL, which PostgreSQL cannot hold."""
    if mapping is not None and b"\\u0000" in msgspec.json.encode(mapping):
        raise BadValue("The mapping holds a character that cannot be kept.", field="mapping")
    return mapping


def present(answer: ImportAnswer) -> dict[str, object]:
    """Return an import as the API shows it."""
    return {"id": answer.id, "name": answer.name, "state": answer.state} | _summary(answer.summary)


def present_view(view: ImportView) -> dict[str, object]:
    """Return an import with its times and its progress."""
    progress = view.progress
    return present(view.answer) | {
        "created_at": view.created_at,
        "done": progress.done if progress else 0,
        "total": progress.total if progress else 0,
        "stage": progress.stage if progress else "",
    }


def _summary(summary: ImportSummary) -> dict[str, object]:
    return {
        "format": summary.format,
        "rows": summary.rows,
        "accounts": summary.accounts,
        "rejected": summary.rejected,
        "rejected_count": summary.rejected_count,
        "warnings": summary.warnings,
        "questions": summary.questions,
        "already_imported": summary.already_imported,
        "error": summary.error,
    }


def _needs_answer(request: Request, source: UUID, questions: list[Question]) -> Response:
    """Answer with the questions; the file is kept as a preview, so the work goes through."""
    facts: dict[str, object] = {"import": source, "questions": questions}
    message = " ".join(question.message for question in questions)
    return problem(409, NeedsAnswer.code, message, facts, request_id_of(request))
