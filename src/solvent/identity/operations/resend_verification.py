"""Send the letter again that asks for an address to be verified."""

from solvent.identity.domain import TooManyAttempts
from solvent.identity.letters import Letters
from solvent.identity.operations.read_person import read_person
from solvent.identity.operations.send_link import send_link
from solvent.identity.store.failures import Failures
from solvent.identity.store.links import LinkPurpose
from solvent.runtime.settingvalues import Rate
from solvent.runtime.work import Work

CAUSE = "verification"
RATE = Rate(5, 3_600)
"""Letters that one person can have sent to themselves."""


async def resend_verification(work: Work, letters: Letters) -> None:
    """Write to the person of ``work`` once more, unless their address is verified already."""
    person = await read_person(work)
    if person.verified:
        return
    sent = Failures(work, CAUSE, str(person.id))
    wait_s = await sent.wait_s(RATE)
    if wait_s:
        raise TooManyAttempts(retry_after_s=wait_s)
    await sent.add()
    await send_link(work, letters, person=person, purpose=LinkPurpose.VERIFY)
