"""Rename a payee, or say which category its transactions usually have."""

from uuid import UUID

from solvent.kernel.errors import BadValue, Refusal
from solvent.ledger.domain import NAME_CHARS_MAX, PayeeRow
from solvent.ledger.store.accounts import Accounts
from solvent.ledger.store.payees import Payees
from solvent.runtime.work import Work


class PayeeNameTaken(Refusal):
    """Another payee bears the name already."""

    code = "ledger.payee_name_taken"

    def __init__(self, name: str) -> None:
        """Name it."""
        super().__init__(f"There is a payee called “{name}” already; choose another name.")


async def change_payee(
    work: Work, *, payee: UUID, name: str | None = None, category: UUID | None = None
) -> PayeeRow:
    """Give ``payee`` another name, or the category that its next transactions will have."""
    work.require_books()
    payees = Payees(work)
    old = await payees.one(payee)
    plain = old.name if name is None else " ".join(name.split())
    if not 0 < len(plain) <= NAME_CHARS_MAX:
        raise BadValue(f"A payee has 1 to {NAME_CHARS_MAX} characters.", field="name")
    if plain != old.name and await payees.named(plain) is not None:
        raise PayeeNameTaken(plain)
    if category is not None:
        await Accounts(work).one(category)
    seq = await work.journal.note(
        "payee.changed",
        subject=payee,
        before={"name": old.name, "category": old.category},
        after={"name": plain, "category": category or old.category},
    )
    if plain != old.name:
        await payees.rename(payee, plain, seq=seq)
    if category is not None:
        await payees.remember(payee, category, seq=seq)
    return await payees.one(payee)
