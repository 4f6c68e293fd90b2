"""Find the payee of a name, or make it."""

from collections.abc import Sequence
from uuid import UUID

from solvent.kernel.errors import BadValue
from solvent.ledger.domain import NAME_CHARS_MAX
from solvent.ledger.store.payees import Payees
from solvent.runtime.ids import new_id
from solvent.runtime.work import Work


async def name_payee(work: Work, *, name: str, visibility: Sequence[UUID] = ()) -> UUID | None:
    """Return the payee called ``name``, made if it is new; None for an empty name.

    ``visibility`` are the accounts of what it is named for: who sees those may know of it.
    """
    plain = " ".join(name.split())
    if not plain:
        return None
    if len(plain) > NAME_CHARS_MAX:
        raise BadValue(f"A payee has at most {NAME_CHARS_MAX} characters.", field="payee")
    async with work.naming():
        return await _named(work, plain, visibility)


async def _named(work: Work, plain: str, visibility: Sequence[UUID]) -> UUID:
    payees = Payees(work)
    known = await payees.named(plain)
    if known is not None:
        return known.id
    await work.journal.hold()
    known = await payees.named(plain)  # another work may have made it while this one waited
    if known is not None:
        return known.id
    payee = new_id()
    seq = await work.journal.note(
        "payee.named", subject=payee, after={"name": plain}, visibility=visibility
    )
    await payees.add(payee, plain, seq=seq)
    return payee
