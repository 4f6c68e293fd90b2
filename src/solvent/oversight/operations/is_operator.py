"""Tell whether somebody is an operator of this installation."""

from solvent.oversight.store.installation import Installation
from solvent.runtime.work import Work


async def is_operator(work: Work) -> bool:
    """Tell whether the person of ``work`` is one; the pages themselves ask for more."""
    return await Installation(work).is_mine()
