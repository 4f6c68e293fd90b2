"""Import: a file is dropped, looked at, booked; undone and brought back."""

import contextlib
from datetime import date, datetime
from typing import Annotated
from uuid import UUID

import msgspec
from fastapi import APIRouter, File, Request, UploadFile
from starlette.responses import Response

from solvent.intake.domain import AccountSummary, ImportState, ImportSummary
from solvent.intake.formats.reading import Question
from solvent.intake.operations.commit_import import commit_import
from solvent.intake.operations.import_file import Upload, import_file
from solvent.intake.operations.list_imports import ImportView, list_imports, show_import
from solvent.intake.operations.preview_again import preview_again
from solvent.intake.operations.queue_import import queue_import
from solvent.intake.operations.redo_import import redo_import
from solvent.intake.operations.undo_import import undo_import
from solvent.kernel.errors import NotFound, Refusal
from solvent.ledger.domain import AccountKind
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.ledger.operations.show_transaction import show_transaction
from solvent.runtime.edge.facilities import facilities
from solvent.web.page import CurrentReader, PageRoute, Reader, form_of

IN_BACKGROUND_ROWS = 5_000
"""From this many rows on an import runs as a job, with its progress shown."""

KEPT_SHOWN_MAX = 50


class KeptItem(msgspec.Struct):
    """What the page shows of a transaction that stays."""

    booked_on: date
    payee: dict[str, str] | None
    memo: str


STATES = {
    ImportState.PREVIEWED: "preview",
    ImportState.WAITING: "importing",
    ImportState.IMPORTING: "importing",
    ImportState.COMMITTED: "done",
    ImportState.UNDONE: "undone",
    ImportState.FAILED: "failed",
}

router = APIRouter(prefix="/h/{household}", route_class=PageRoute, include_in_schema=False)


@router.get("/import")
async def get_import(reader: CurrentReader) -> Response:
    """Show where to drop a file, and what was dropped before."""
    return await _import_page(reader, None)


@router.post("/import")
async def post_import(
    request: Request, reader: CurrentReader, file: Annotated[UploadFile, File()]
) -> Response:
    """Read a file and lead to its preview, or say why it cannot be read."""
    account = (await form_of(request)).get("account", "")
    upload = Upload(file.file, file.filename or "file", account=UUID(account) if account else None)
    try:
        antivirus = facilities(request).antivirus
        answer = await import_file(reader.work, upload=upload, commit=False, antivirus=antivirus)
    except Refusal as refusal:
        return await _import_page(reader, refusal.message)
    seen_before = "?again=1" if answer.summary.already_imported else ""
    return reader.to(f"imports/{answer.id}{seen_before}")


@router.get("/imports/{source}")
async def get_batch(source: UUID, reader: CurrentReader, again: str = "") -> Response:
    """Show one file: its preview, its progress, or what became of it; ``again``: handed over anew."""
    return await _batch_page(reader, source, again=bool(again))


@router.post("/imports/{source}")
async def post_batch(request: Request, source: UUID, reader: CurrentReader) -> Response:
    """Do what the form says: answer, commit, undo, redo; or leave it."""
    form = await form_of(request)
    match form.get("do"):
        case "answer":
            await _answer(reader, source, form)
        case "commit":
            await _commit(reader, source, form)
        case "undo":
            await undo_import(reader.work, source=source)
        case "redo":
            await redo_import(reader.work, source=source)
        case _:
            return reader.to("import")
    return reader.to(f"imports/{source}")


async def _answer(reader: Reader, source: UUID, form: dict[str, str]) -> None:
    """Take the chosen answers and look at the file again."""
    view = await show_import(reader.work, source=source)
    mapping: dict[str, object] = {}
    for question in view.answer.summary.questions:
        chosen = form.get(f"answer.{question.code}", "")
        if chosen.isascii() and chosen.isdigit() and int(chosen) < len(question.choices):
            mapping |= question.choices[int(chosen)].mapping
    account = mapping.pop("account", None)
    await preview_again(
        reader.work,
        source=source,
        account=UUID(str(account)) if account not in {None, "new"} else None,
        mapping=mapping,
        new_account=account == "new",
    )


async def _commit(reader: Reader, source: UUID, form: dict[str, str]) -> None:
    """Book the file; a large one by a job."""
    view = await show_import(reader.work, source=source)
    chosen = [value for name, value in form.items() if name.startswith("account.") and value]
    account = UUID(chosen[0]) if len(chosen) == 1 else None
    new_account = account is None and len(view.answer.summary.accounts) == 1
    if view.answer.summary.rows >= IN_BACKGROUND_ROWS:
        await queue_import(reader.work, source=source, account=account, new_account=new_account)
    else:
        await commit_import(reader.work, source=source, account=account, new_account=new_account)


async def _import_page(reader: Reader, problem: str | None) -> Response:
    imports = [_listed(view) for view in await list_imports(reader.work)]
    return await reader.page(
        "import",
        "import",
        status=200 if problem is None else 422,
        accounts=await _choosable(reader),
        problem=problem,
        imports=imports,
    )


async def _batch_page(reader: Reader, source: UUID, *, again: bool = False) -> Response:
    view = await show_import(reader.work, source=source)
    summary, accounts = view.answer.summary, view.answer.summary.accounts
    state = "question" if summary.questions and _is_open(view) else STATES[view.answer.state]
    return await reader.page(
        "import_batch",
        "import",
        batch={
            "id": view.answer.id,
            "name": view.answer.name,
            "format": summary.format,
            "at": view.created_at,
            "state": state,
            "rows": summary.rows or None,
            "first_date": min((a.first_date for a in accounts), default=None),
            "last_date": max((a.last_date for a in accounts), default=None),
            "done": view.progress.done if view.progress else 0,
            "total": view.progress.total if view.progress else 0,
            "rejected_count": summary.rejected_count,
            "again": again and view.answer.state == ImportState.COMMITTED,
        },
        accounts=[_account(place, account) for place, account in enumerate(accounts)],
        choosable=await _choosable(reader),
        questions=[_question(question) for question in summary.questions],
        warnings=_warnings(summary),
        sample=[sample_row(row) for row in summary.sample],
        rejected=summary.rejected,
        kept=await _kept(reader, view),
        problem=_problem(view),
    )


def sample_row(row: dict[str, object]) -> dict[str, object]:
    """Return a kept row of a preview with its day as a day again."""
    return row | {"booked_on": date.fromisoformat(str(row["booked_on"]))}


async def _kept(reader: Reader, view: ImportView) -> list[dict[str, object]]:
    """Return the transactions that undoing has left, because somebody changed them."""
    if view.answer.state != ImportState.UNDONE:
        return []
    rows: list[dict[str, object]] = []
    for transaction in view.answer.summary.kept[:KEPT_SHOWN_MAX]:
        with contextlib.suppress(NotFound):
            shown = await show_transaction(reader.work, transaction=transaction)
            item = msgspec.json.decode(shown.json, type=KeptItem)
            payee = item.payee["name"] if item.payee else ""
            rows.append({"booked_on": item.booked_on, "payee": payee, "why": item.memo})
    return rows


def _is_open(view: ImportView) -> bool:
    return view.answer.state == ImportState.PREVIEWED


def _listed(view: ImportView) -> dict[str, object]:
    summary = view.answer.summary
    return {
        "id": view.answer.id,
        "name": view.answer.name,
        "format": summary.format,
        "at": _instant(view),
        "state": "question" if summary.questions and _is_open(view) else STATES[view.answer.state],
        "added": sum(account.added for account in summary.accounts),
        "matched": sum(account.matched for account in summary.accounts),
        "rejected": summary.rejected_count,
    }


def _instant(view: ImportView) -> datetime:
    return view.created_at


def _account(place: int, account: AccountSummary) -> dict[str, object]:
    closing = account.closing
    return {
        "index": place,
        "name": account.name,
        "identifier": account.identifier,
        "currency": account.currency,
        "account": str(account.account) if account.account else None,
        "rows": account.rows,
        "sum_minor": account.sum_minor,
        "first_date": account.first_date,
        "last_date": account.last_date,
        "added": account.added,
        "matched": account.matched,
        "proposed": account.proposed,
        "closing": closing
        and {
            "amount_minor": closing.amount_minor,
            "on": closing.on,
            "ties": closing.ties,
            "gap_minor": closing.gap_minor,
        },
    }


def _question(question: Question) -> dict[str, object]:
    return {
        "code": question.code,
        "message": question.message,
        "choices": [choice.label for choice in question.choices],
    }


def _warnings(summary: ImportSummary) -> list[str]:
    return [warning["message"] for warning in summary.warnings]


def _problem(view: ImportView) -> dict[str, str] | None:
    """Return what a failed import is told as."""
    error = view.answer.summary.error
    if view.answer.state != ImportState.FAILED or error is None:
        return None
    return {"happened": error["message"]}


async def _choosable(reader: Reader) -> list[dict[str, object]]:
    return [
        {"id": str(account.id), "name": account.path, "currency": account.currency}
        for account in await read_accounts(reader.work)
        if AccountKind(account.kind).holds_money and not account.closed_on
    ]
