"""Find the payee of a name, or make it."""

from uuid import UUID

from solvent.kernel.errors import BadValue
from solvent.ledger.domain import NAME_CHARS_MAX
from solvent.ledger.store.payees import Payees
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work


async def name_payee(work: Work, *, name: str) -> UUID | None:
    """Return the payee called ``name``, made if it is new; None for an empty name."""
    plain = " ".join(name.split())
    if not plain:
        return None
    if len(plain) > NAME_CHARS_MAX:
        raise BadValue(f"A payee has at most {NAME_CHARS_MAX} characters.", field="payee")
    payees = Payees(work)
    known = await payees.named(plain)
    if known is not None:
        return known.id
    await work.journal.hold()
    known = await payees.named(plain)  # another work may have made it while this one waited
    if known is not None:
        return known.id
    payee = new_id()
    seq = await work.journal.note("payee.named", subject=payee, after={"name": plain})
    await payees.add(payee, plain, seq=seq)
    return payee
