"""How the files of an account are laid out, as it was last read or confirmed."""

from uuid import UUID

import msgspec

from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Profiles:
    """The saved mappings of the household that ``work`` is scoped to."""

    OF = sql("select mapping from import_profile where household_id = $1 and account_id = $2")
    SAVE = sql("""
        insert into import_profile (household_id, account_id, mapping) values ($1, $2, $3)
        on conflict (household_id, account_id) do update set mapping = excluded.mapping
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def of(self, account: UUID | None) -> dict[str, object] | None:
        """Return the mapping saved for ``account``, if there is one."""
        if account is None:
            return None
        text: str | None = await self._work.value(self.OF, self._work.household, account)
        return None if text is None else msgspec.json.decode(text, type=dict[str, object])

    async def save(self, account: UUID, mapping: dict[str, object]) -> None:
        """Save ``mapping`` for ``account``."""
        text = msgspec.json.encode(mapping).decode()
        await self._work.execute(self.SAVE, self._work.household, account, text)
