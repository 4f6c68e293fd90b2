"""Households and their members, in PostgreSQL."""

from uuid import UUID

from solvent.households.domain import Household, ListedHousehold, NewHousehold
from solvent.runtime.database import Connection
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

LISTED_MAX = 10_000


class Households:
    """The household that ``work`` is scoped to, and those of its person."""

    ADD = sql("""
        insert into household (id, name, base_currency, time_zone, created_at)
        values ($1, $2, $3, $4, $5)
    """)
    ADD_MEMBER = sql("""
        insert into membership (household_id, person_id, role, created_at) values ($1, $2, $3, $4)
    """)
    RENAME = sql("update household set name = $2 where id = $1")
    MINE = sql("select id, name, role, base_currency from my_households()")

    def __init__(self, work: Work) -> None:
        """Serve the person and the household of ``work``."""
        self._work = work

    async def add(self, household: NewHousehold) -> None:
        """Insert the household that ``work`` has entered."""
        await self._work.execute(
            self.ADD,
            self._work.household,
            household.name,
            household.base_currency,
            household.time_zone,
            self._work.clock.now(),
        )

    async def add_member(self, person: UUID, *, role: str) -> None:
        """Make ``person`` a member of the household."""
        await self._work.execute(
            self.ADD_MEMBER, self._work.household, person, role, self._work.clock.now()
        )

    async def rename(self, name: str) -> None:
        """Write the household's name."""
        await self._work.execute(self.RENAME, self._work.household, name)

    async def mine(self) -> list[Household]:
        """Return every household that the person of ``work`` is a member of, oldest first."""
        return await self._work.fetch(Household, self.MINE)


ALL = sql("""
    select h.id, h.name, h.base_currency, count(m.person_id)::integer, h.seq
      from household h left join membership m on m.household_id = h.id
     group by h.id order by h.created_at, h.id limit $1
""")


async def every_household(connection: Connection) -> list[ListedHousehold]:
    """Return every household, oldest first, on a connection of the verifier."""
    return [ListedHousehold(*row) for row in await connection.fetch(ALL, LISTED_MAX)]
