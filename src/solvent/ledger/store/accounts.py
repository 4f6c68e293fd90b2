"""The account tree of one household, with the identifiers that recognise accounts."""

from collections.abc import Generator
from contextlib import contextmanager
from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg

from solvent.kernel.errors import NotFound
from solvent.ledger.domain import AccountKind, AccountNameTaken, AccountRole, AccountRow
from solvent.runtime.statements import sql
from solvent.runtime.work import Work

NAME_ONCE = "account_name_once"


class InferredOpening(NamedTuple):
    """An opening balance that follows from a bank's statement, less the rows from before it."""

    account: UUID
    currency: str
    minor: int
    on: date


class Accounts:
    """The accounts of the household that ``work`` is scoped to."""

    TREE = sql("""
        with recursive tree as (
            (select id, parent_id, name, name as path, kind, currency, role, opened_on, closed_on, changed_seq
              from account where household_id = $1 and parent_id is null
            union all
            select o.id, null, o.name, o.name, o.kind, o.currency, o.role, o.opened_on, o.closed_on, o.changed_seq
              from account o
             where $2 and o.household_id = $1 and o.parent_id is not null and not exists (
                   select from account u where u.household_id = $1 and u.id = o.parent_id))
            union all
            select a.id, a.parent_id, a.name, t.path || ':' || a.name, a.kind, a.currency, a.role,
                   a.opened_on, a.closed_on, a.changed_seq
              from account a join tree t on t.id = a.parent_id where a.household_id = $1)
        select id, parent_id, name, path, kind, currency, role, opened_on, closed_on, changed_seq
          from tree order by kind, path
    """)
    ONE = sql("""
        select id, parent_id, name, name, kind, currency, role, opened_on, closed_on, changed_seq
          from account where household_id = $1 and id = $2
    """)
    ADD = sql("""
        insert into account (household_id, id, parent_id, name, kind, currency, role, opened_on, changed_seq)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)
    CHANGE = sql("""
        update account set name = $3, parent_id = $4, opened_on = $5, closed_on = $6, changed_seq = $7
         where household_id = $1 and id = $2
    """)
    INFER = sql("""
        update account set inferred_on = $3, inferred_minor = $4 where household_id = $1 and id = $2
    """)
    INFERRED = sql("""
        select a.id, a.currency, a.inferred_minor - coalesce(sum(e.amount_minor), 0)::bigint,
               least(a.inferred_on, min(e.booked_on))
          from account a
          left join lateral (
               select p.amount_minor, p.booked_on from posting p
                 join transaction t on t.household_id = $1 and t.id = p.transaction_id and t.origin <> 'opening'
                where p.household_id = $1 and p.account_id = a.id and p.booked_on < a.inferred_on) e on true
         where a.household_id = $1 and a.id = any($2) and a.inferred_on is not null
         group by a.household_id, a.id
    """)
    BY_ROLE = sql("select id from account where household_id = $1 and role = $2")
    NAMED = sql("""
        select id from account
         where household_id = $1 and parent_id is not distinct from $2 and kind = $3 and name = $4
    """)
    IDENTIFIED = sql("""
        select account_id from account_identifier
         where household_id = $1 and identifier = $2 and (currency = $3 or $3 = 'XXX')
    """)
    IDENTIFY = sql("""
        insert into account_identifier (household_id, identifier, currency, account_id)
        values ($1, $2, $3, $4)
        on conflict (household_id, identifier, currency) do nothing
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def tree(self) -> list[AccountRow]:
        """Return every account, by kind and path; what hangs below a hidden one stands by itself."""
        access = self._work.scope.access
        rows = await self._work.fetch(
            AccountRow, self.TREE, self._work.household, not access.reads_all
        )
        return [row for row in rows if access.sees(row.id)]

    async def one(self, account: UUID) -> AccountRow:
        """Return one account; refuse when it is not there."""
        found = await self._work.one(AccountRow, self.ONE, self._work.household, account)
        if found is None:
            raise NotFound("account")
        return found

    async def add(
        self,
        account: UUID,
        *,
        name: str,
        kind: AccountKind,
        seq: int,
        parent: UUID | None = None,
        currency: str | None = None,
        role: AccountRole | None = None,
        opened_on: date | None = None,
    ) -> None:
        """Insert one account; refuse a name that is taken, by an account that is not seen as well."""
        with _named_once(name):
            await self._work.execute(
                self.ADD,
                self._work.household,
                account,
                parent,
                name,
                kind,
                currency,
                role,
                opened_on,
                seq,
            )

    async def change(self, account: AccountRow, *, seq: int) -> None:
        """Write the name, place and dates of ``account``; refuse a name as ``add`` does."""
        with _named_once(account.name):
            await self._work.execute(
                self.CHANGE,
                self._work.household,
                account.id,
                account.name,
                account.parent,
                account.opened_on,
                account.closed_on,
                seq,
            )

    async def infer(self, account: UUID, *, minor: int | None, on: date | None) -> None:
        """Keep what a bank says that ``account`` held when the day ``on`` began, or forget it."""
        await self._work.execute(self.INFER, self._work.household, account, on, minor)

    async def inferred(self, accounts: list[UUID]) -> list[InferredOpening]:
        """Return what the opening balances that follow from banks' statements now come to."""
        return await self._work.fetch(
            InferredOpening, self.INFERRED, self._work.household, accounts
        )

    async def by_role(self, role: AccountRole) -> UUID:
        """Return the account that the system uses for ``role``; a bug if there is none."""
        found: UUID | None = await self._work.value(self.BY_ROLE, self._work.household, role)
        if found is None:
            raise RuntimeError(f"the household has no account for {role}")
        return found

    async def named(self, name: str, *, kind: AccountKind, parent: UUID | None) -> UUID | None:
        """Return the account called ``name`` under ``parent``, if there is one."""
        found: UUID | None = await self._work.value(
            self.NAMED, self._work.household, parent, kind, name
        )
        return found

    async def identified(self, identifier: str, currency: str) -> UUID | None:
        """Return the account that a bank calls ``identifier``, if it is known."""
        found: UUID | None = await self._work.value(
            self.IDENTIFIED, self._work.household, identifier, currency
        )
        return found

    async def identify(self, account: UUID, identifier: str, currency: str) -> None:
        """Remember that a bank calls ``account`` ``identifier``."""
        await self._work.execute(self.IDENTIFY, self._work.household, identifier, currency, account)


@contextmanager
def _named_once(name: str) -> Generator[None, None, None]:
    """Say it as a refusal where an account has that name at the same place."""
    try:
        yield
    except asyncpg.UniqueViolationError as taken:
        if taken.constraint_name != NAME_ONCE:
            raise
        raise AccountNameTaken(name) from taken
