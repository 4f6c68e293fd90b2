"""Give a payee to every description in the staging that has none yet."""

from solvent.categorisation.payees import clean_payee
from solvent.intake.store.staging import Staging
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work


async def name_payees(work: Work, *, seq: int) -> None:
    """Clean the new descriptions and remember what came of each."""
    staging = Staging(work)
    names = {text: clean_payee(text) or text.strip() for text in await staging.unnamed()}
    if names:
        await staging.name_payees(names, [new_id() for _ in set(names.values())], seq=seq)
