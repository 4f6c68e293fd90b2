"""Letters that wait in the queue, as the house's own keys open them, and the jobs that write them."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import msgspec

from solvent.identity.jobs import letter_jobs
from solvent.identity.letters import SEND_LETTER, Letter, LetterKind, Letters, SealedLetter
from solvent.runtime.database import JOBS, DatabaseAddress, connect
from solvent.runtime.settinggroups import Settings
from solvent.runtime.work import Works


async def queued_letters(
    address: DatabaseAddress, settings: Settings, kind: LetterKind | None = None
) -> list[Letter]:
    """Return the letters that wait, oldest first: all of them, or those of one kind."""
    connection = await connect(address.queue, JOBS)
    try:
        rows = await connection.fetch(
            "select payload from job where entrypoint = $1 order by id", SEND_LETTER
        )
    finally:
        await connection.close()
    letters = Letters(settings.secrets.keys)
    sealed = [msgspec.json.decode(row[0], type=SealedLetter) for row in rows]
    opened = [letters.open(each) for each in sealed]
    return [each for each in opened if kind in (None, each.kind)]


async def link_token(address: DatabaseAddress, settings: Settings, kind: LetterKind) -> str:
    """Return the secret in the link of the newest letter of a kind."""
    letter = (await queued_letters(address, settings, kind))[-1]
    token: str = parse_qs(urlsplit(letter.path).query)["token"][0]
    return token


async def answer_wishes(address: DatabaseAddress, settings: Settings, works: Works) -> int:
    """Work off, once each, the jobs that look whom to write to; return how many there were."""
    kinds: dict[str, Any] = {
        kind.name: kind for kind in letter_jobs(Letters(settings.secrets.keys))
    }
    connection = await connect(address.queue, JOBS)
    try:
        rows = await connection.fetch(
            "delete from job where entrypoint = any($1::text[]) returning entrypoint, payload",
            list(kinds),
        )
    finally:
        await connection.close()
    for name, payload in rows:
        kind = kinds[name]
        await kind.handle(works, msgspec.json.decode(payload, type=kind.payload))
    return len(rows)
