"""``solvent import``: put bank files into the books, as the page and the API do."""

import asyncio
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any
from uuid import UUID

from cyclopts import Parameter

from solvent.entrypoints.cli.answers import DONE, REFUSED, AsJson, complain, show
from solvent.entrypoints.cli.options import DataDir, HouseholdName
from solvent.entrypoints.cli.read import opened, read_mapping
from solvent.entrypoints.databases import database_at, place, run
from solvent.entrypoints.households import household_called, works_at
from solvent.intake.formats.reading import NeedsAnswer
from solvent.intake.operations.import_file import ImportAnswer, Upload, import_file
from solvent.kernel.errors import NotFound, Refusal
from solvent.ledger.operations.read_accounts import read_accounts
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.work import Work, Works

NEW = "new"


class _OnlyLooked(Exception):  # noqa: N818 - no error: it takes a look back
    """Ends the transaction of a dry run."""


def import_(
    files: Annotated[list[Path], Parameter(name="FILE", negative=())],
    /,
    *,
    household: HouseholdName,
    account: str | None = None,
    mapping: Path | None = None,
    dry_run: bool = False,
    data_dir: DataDir = None,
    as_json: AsJson = False,
) -> int:
    """Import bank files; each is taken whole or not at all.

    Parameters
    ----------
    account
        The account that the files are of, by its id or its name; ``new`` makes one. Needed only
        where a file does not say.
    mapping
        A JSON file that says what the columns of a CSV file mean.
    dry_run
        Only show what would be done.
    """
    told = None if mapping is None else read_mapping(mapping)
    with database_at(place(data_dir)) as address:
        outcomes = run(_import_all(address, household, files, account, told, dry_run=dry_run))
    show({"imports": outcomes}, _lines(outcomes), as_json=as_json)
    refused = [each for each in outcomes if each["error"] is not None]
    for each in refused:
        file, message = each["file"], each["error"]["message"]
        complain(message if file in message else f"{file}: {message}")
    return REFUSED if refused else DONE


async def _import_all(
    address: DatabaseAddress,
    household: str,
    files: list[Path],
    account: str | None,
    told: dict[str, object] | None,
    *,
    dry_run: bool,
) -> list[dict[str, Any]]:
    """Import one file after the other, each in a transaction of its own."""
    id_ = await household_called(address, household)
    outcomes: list[dict[str, Any]] = []
    async with works_at(address) as works:
        for file in files:
            try:
                outcome = await _import_one(works, id_, file, account, told, dry_run=dry_run)
            except Refusal as refusal:
                outcome = {"file": str(file), "error": _error(refusal.code, refusal.message)}
            outcomes.append(outcome)
    return outcomes


async def _import_one(
    works: Works,
    household: UUID,
    file: Path,
    account: str | None,
    told: dict[str, object] | None,
    *,
    dry_run: bool,
) -> dict[str, Any]:
    answer: ImportAnswer | None = None
    with opened(file) as content:
        try:
            async with works.for_machine(household, cause="import") as work:
                own = None if account in {None, NEW} else await _account_called(work, str(account))
                upload = Upload(content, file.name, own, told, new_account=account == NEW)
                answer = await import_file(work, upload=upload, commit=not dry_run)
                if dry_run:
                    raise _OnlyLooked  # noqa: TRY301 - the block is the transaction
        except _OnlyLooked:
            await asyncio.sleep(0)
    if answer is None:
        raise RuntimeError("an import ended without an answer")
    questions = answer.summary.questions
    asked = " ".join(question.message for question in questions)
    return {
        "file": str(file),
        "id": None if dry_run else answer.id,
        "state": answer.state,
        **asdict(answer.summary),
        "error": _error(NeedsAnswer.code, asked) if questions else None,
    }


async def _account_called(work: Work, text: str) -> UUID:
    """Return the account whose id, path or name is ``text``."""
    accounts = await read_accounts(work)
    for account in accounts:
        if text in {str(account.id), account.path}:
            return account.id
    named = [account.id for account in accounts if account.name == text]
    if len(named) != 1:
        raise NotFound("account")
    return named[0]


def _error(code: str, message: str) -> dict[str, str]:
    return {"code": code, "message": message}


def _lines(outcomes: list[dict[str, Any]]) -> Iterator[str]:
    """Say it for a person; what was refused is said elsewhere."""
    for outcome in outcomes:
        if outcome["error"] is not None:
            continue
        state = "seen before" if outcome["already_imported"] else outcome["state"]
        yield f"{outcome['file']}: {outcome['format']}, {outcome['rows']} rows, {state}"
        for account in outcome["accounts"]:
            closing = account["closing"]
            ties = "" if closing is None or closing["ties"] is None else _tied(closing["ties"])
            yield (
                f"  {account['name'] or account['identifier']}: {account['added']} added, "
                f"{account['matched']} there already{ties}"
            )
        for warning in outcome["warnings"]:
            yield f"  note: {warning['message']}"
        for row in outcome["rejected"]:
            yield f"  refused: line {row['line']}: {row['reason']}"


def _tied(ties: object) -> str:
    return ", ties with the bank's balance" if ties else ", does not tie with the bank's balance"
