"""Letters that wait in the queue, as the house's own keys open them."""

import msgspec

from solvent.identity.letters import SEND_LETTER, Letter, LetterKind, Letters, SealedLetter
from solvent.runtime.database import JOBS, DatabaseAddress, connect
from solvent.runtime.settinggroups import Settings


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
