"""The payees of one household, and what banks call them."""

from uuid import UUID

from solvent.kernel.errors import NotFound
from solvent.ledger.domain import PAGE_ROWS_MAX, PayeeRow
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Payees:
    """The payees of the household that ``work`` is scoped to."""

    LIKE = sql("""
        select id, name, category_id from payee
         where household_id = $1 and name ilike $2
         order by name limit $3
    """)
    ONE = sql("select id, name, category_id from payee where household_id = $1 and id = $2")
    NAMED = sql("select id, name, category_id from payee where household_id = $1 and name = $2")
    ADD = sql("""
        insert into payee (household_id, id, name, changed_seq) values ($1, $2, $3, $4)
        on conflict (household_id, name) do nothing
    """)
    REMEMBER = sql("""
        update payee set category_id = $3, changed_seq = $4
         where household_id = $1 and id = $2 and category_id is distinct from $3
    """)
    REMEMBER_ALL = sql("""
        update payee set category_id = $3, changed_seq = $4
         where household_id = $1 and id = any($2) and category_id is distinct from $3
    """)
    RENAME = sql("update payee set name = $3, changed_seq = $4 where household_id = $1 and id = $2")

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def like(self, text: str, *, limit: int) -> list[PayeeRow]:
        """Return payees whose name holds ``text``, by name."""
        size = min(limit, PAGE_ROWS_MAX)
        return await self._work.fetch(
            PayeeRow, self.LIKE, self._work.household, f"%{escape_like(text)}%", size
        )

    async def one(self, payee: UUID) -> PayeeRow:
        """Return one payee; refuse when it is not there."""
        found = await self._work.one(PayeeRow, self.ONE, self._work.household, payee)
        if found is None:
            raise NotFound("payee")
        return found

    async def named(self, name: str) -> PayeeRow | None:
        """Return the payee called exactly ``name``, if there is one."""
        return await self._work.one(PayeeRow, self.NAMED, self._work.household, name)

    async def add(self, payee: UUID, name: str, *, seq: int) -> None:
        """Insert a payee, unless one of that name is there."""
        await self._work.execute(self.ADD, self._work.household, payee, name, seq)

    async def remember(self, payee: UUID, category: UUID | None, *, seq: int) -> None:
        """Remember the category that a person gave."""
        await self._work.execute(self.REMEMBER, self._work.household, payee, category, seq)

    async def remember_all(self, payees: list[UUID], category: UUID, *, seq: int) -> None:
        """Remember one category for all of ``payees``."""
        await self._work.execute(self.REMEMBER_ALL, self._work.household, payees, category, seq)

    async def rename(self, payee: UUID, name: str, *, seq: int) -> None:
        """Write another name."""
        await self._work.execute(self.RENAME, self._work.household, payee, name, seq)


def escape_like(text: str) -> str:
    """Return ``text`` as a LIKE pattern that matches just itself."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
