"""Deliver a letter: once, as far as a mail server lets anybody know.

That a letter is handed over is kept before its text goes out, and that it was taken afterwards. What
fails before is tried again. A worker or a line that dies in between leaves a letter of which nobody
knows: it is not sent again by itself, but held for an operator, whose retry sends it once more under
the same Message-ID. So no letter goes out twice unless somebody has asked for it.
"""

from email.message import EmailMessage
from uuid import UUID

from solvent.notifications.carriers.carrying import Carrier, Lost, NotTaken
from solvent.notifications.domain import LetterRefused, OutcomeOfLetterUnknown
from solvent.notifications.store import HANDED_OVER, SENT, UNKNOWN, Deliveries
from solvent.runtime.work import Works

CAUSE = "notifications.deliver_letter"


async def deliver_letter(
    works: Works, carrier: Carrier, *, letter: UUID, message: EmailMessage
) -> None:
    """Have ``carrier`` take ``message`` out, unless ``letter`` has gone before.

    Raise :class:`OutcomeOfLetterUnknown` when nobody can tell, and what the carrier raises when it
    was not taken.
    """

    async def handover() -> None:
        async with works.for_nobody(cause=CAUSE) as work:
            await Deliveries(work).mark(letter, HANDED_OVER)

    if await _has_gone(works, letter):
        return
    try:
        await carrier.carry(message, handover=handover)
    except (NotTaken, LetterRefused):
        async with works.for_nobody(cause=CAUSE) as work:
            await Deliveries(work).free(letter)
        raise
    except Lost:
        await _mark(works, letter, UNKNOWN)
        raise OutcomeOfLetterUnknown from None
    await _mark(works, letter, SENT)


async def _has_gone(works: Works, letter: UUID) -> bool:
    """Tell whether a letter was taken; refuse one whose worker died while handing it over."""
    async with works.for_nobody(cause=CAUSE) as work:
        state = await Deliveries(work).state(letter)
    if state == HANDED_OVER:
        await _mark(works, letter, UNKNOWN)
        raise OutcomeOfLetterUnknown
    return state == SENT


async def _mark(works: Works, letter: UUID, state: str) -> None:
    async with works.for_nobody(cause=CAUSE) as work:
        await Deliveries(work).mark(letter, state)
