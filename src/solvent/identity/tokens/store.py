"""Personal access tokens in PostgreSQL: of their secrets nothing but a digest."""

from uuid import UUID

from solvent.identity.tokens.domain import Token
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class PersonalTokens:
    """The tokens of the person of a work; there is no way to ask for another's."""

    ADD = sql("""
        insert into personal_token
            (id, person_id, only_household, name, scopes, digest, created_at, expires_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8)
    """)
    LIVE = sql("""
        select id, name, scopes, only_household, created_at, expires_at, used_at from personal_token
         where person_id = $1 and revoked_at is null and expires_at > $2
         order by created_at desc, id desc
    """)
    COUNT = sql("""
        select count(*) from personal_token
         where person_id = $1 and revoked_at is null and expires_at > $2
    """)
    HOLD = sql("select pg_advisory_xact_lock(hashtextextended($1, 8))")
    REVOKE = sql("""
        update personal_token set revoked_at = $3
         where id = $1 and person_id = $2 and revoked_at is null
    """)
    IS_MINE = sql("select exists (select from my_households() where id = $1)")

    def __init__(self, work: Work) -> None:
        """Serve the person of ``work``."""
        self._work = work
        self._person = work.person

    async def add(self, token: Token, digest: bytes) -> None:
        """Insert a token, found again by ``digest`` alone."""
        await self._work.execute(
            self.ADD,
            token.id,
            self._person,
            token.household,
            token.name,
            token.scopes,
            digest,
            token.created_at,
            token.expires_at,
        )

    async def live(self) -> list[Token]:
        """Return the tokens that are good now, newest first."""
        return await self._work.fetch(Token, self.LIVE, self._person, self._work.clock.now())

    async def count(self) -> int:
        """Count the tokens that are good now; until the work ends nobody else makes one."""
        await self._work.value(self.HOLD, str(self._person))
        number: int = await self._work.value(self.COUNT, self._person, self._work.clock.now())
        return number

    async def revoke(self, token: UUID) -> bool:
        """End a token, and tell whether it was one of theirs."""
        now = self._work.clock.now()
        return await self._work.execute(self.REVOKE, token, self._person, now) > 0

    async def is_member_of(self, household: UUID) -> bool:
        """Tell whether the person is a member of ``household``."""
        is_mine: bool = await self._work.value(self.IS_MINE, household)
        return is_mine
