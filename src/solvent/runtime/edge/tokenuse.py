"""When a personal access token was last used: noted after the answer, at most once a minute."""

from contextlib import suppress

from solvent.runtime.outcomes import PASSING
from solvent.runtime.scope import Scope
from solvent.runtime.statements import sql
from solvent.runtime.work import Works

NOTE = sql("""
    update personal_token set used_at = $2
     where id = $1 and (used_at is null or used_at <= $2::timestamptz - interval '1 minute')
""")


async def note_use(works: Works, scope: Scope) -> None:
    """Write that the token of ``scope`` was used now, unless another request has done so.

    What stands in the way passes, and so does the minute: the next request tries again.
    """
    with suppress(*PASSING):
        async with works.for_nobody(cause="runtime.token_use") as work:
            await work.execute(NOTE, scope.token, work.clock.now())
