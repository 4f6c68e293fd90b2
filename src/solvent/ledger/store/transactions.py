"""The transactions of one household with their postings: written, read one by one, taken out."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from uuid import UUID

from solvent.kernel.access import Level
from solvent.kernel.currency import Currency
from solvent.kernel.errors import NotAllowed, NotFound
from solvent.ledger.domain import Posting, Transaction
from solvent.ledger.store.memos import Memos
from solvent.runtime.statements import sql
from solvent.runtime.work import BEYOND, Work


@dataclass(frozen=True, slots=True)
class TransactionRow:
    """One transaction without its postings."""

    id: UUID
    booked_on: date
    payee: UUID | None
    memo: str
    currency: str
    state: str
    origin: str
    version: int
    deleted_at: datetime | None


@dataclass(frozen=True, slots=True)
class PostingRow:
    """One posting as it is kept."""

    account: UUID
    amount_minor: int
    currency: str
    weight_minor: int


class LegRow(NamedTuple):
    """A posting with its transaction and the payee of that."""

    transaction: UUID
    payee: UUID | None
    ordinal: int
    account: UUID
    currency: str


class Transactions:
    """The transactions of the household that ``work`` is scoped to."""

    LOCKED = sql("""
        select t.id, t.booked_on, t.payee_id, t.memo, t.currency, t.state, t.origin,
               greatest(t.changed_seq, (select max(p.moved_seq) from posting p
                                         where p.household_id = $1 and p.transaction_id = t.id)), t.deleted_at
          from transaction t
         where t.household_id = $1 and t.id = $2 and t.origin <> 'opening'
           for update
    """)
    LEVEL = sql("""
        select transaction_level(t.id) from transaction t
         where t.household_id = $1 and t.id = $2 and t.origin <> 'opening'
    """)
    LEVELS = sql("""
        select w.id from unnest($1::uuid[]) w(id) where transaction_level(w.id) < $2
    """)
    POSTINGS = sql("""
        select account_id, amount_minor, currency, weight_minor
          from posting where household_id = $1 and transaction_id = $2 order by ordinal
    """)
    ADD = sql("""
        insert into transaction (household_id, id, booked_on, payee_id, memo, currency, state, origin, changed_seq)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    """)
    CHANGE = sql("""
        update transaction set booked_on = $3, payee_id = $4, memo = $5, state = $6, changed_seq = $7, currency = $8
         where household_id = $1 and id = $2
    """)
    DELETE = sql("""
        update transaction set deleted_at = $3, changed_seq = $4 where household_id = $1 and id = $2
    """)
    RESTORE = sql("""
        update transaction set deleted_at = null, changed_seq = $3 where household_id = $1 and id = $2
    """)
    ADD_POSTINGS = sql("""
        insert into posting (household_id, transaction_id, ordinal, account_id, booked_on,
                             amount_minor, currency, weight_minor)
        select $1, $2, row_number() over () - 1, account, $3, amount, currency, weight
          from unnest($4::uuid[], $5::bigint[], $6::text[], $7::bigint[])
            as t(account, amount, currency, weight)
    """)
    REMOVE_POSTINGS = sql("delete from posting where household_id = $1 and transaction_id = $2")
    LEGS = sql("""
        select p.transaction_id, t.payee_id, p.ordinal, p.account_id, p.currency
          from unnest($2::uuid[]) w(id)
         cross join lateral (
               select t.id, t.payee_id, t.deleted_at, t.origin from transaction t
                where t.household_id = $1 and t.id = w.id offset 0) t
         cross join lateral (
               select p.transaction_id, p.ordinal, p.account_id, p.currency from posting p
                where p.household_id = $1 and p.transaction_id = t.id order by p.ordinal offset 0) p
         where t.deleted_at is null and t.origin <> 'opening'
    """)
    MOVE_LEGS = sql("""
        update posting p set account_id = $4, moved_seq = $5
          from unnest($2::uuid[], $3::smallint[]) w(id, ordinal)
         where p.household_id = $1 and p.transaction_id = w.id and p.ordinal = w.ordinal
    """)
    OPENING = sql("""
        select t.id from transaction t
          join posting p on p.household_id = t.household_id and p.transaction_id = t.id
         where t.household_id = $1 and t.origin = 'opening' and p.account_id = $2
    """)
    MOVE_OPENING = sql("""
        update transaction t set booked_on = $3, changed_seq = $4
          from posting p
         where t.household_id = $1 and t.origin = 'opening' and t.booked_on <> $3
           and p.household_id = $1 and p.transaction_id = t.id and p.account_id = $2
    """)
    PURGE = sql("delete from transaction where household_id = $1 and id = $2")
    TAGS = sql("""
        select g.name from transaction_tag x
          join tag g on g.household_id = x.household_id and g.id = x.tag_id
         where x.household_id = $1 and x.transaction_id = $2 order by g.name
    """)
    ADD_TAG_NAME = sql("""
        insert into tag (household_id, id, name) values ($1, $2, $3)
        on conflict (household_id, name) do nothing
    """)
    UNTAG = sql("delete from transaction_tag where household_id = $1 and transaction_id = $2")
    TAG = sql("""
        insert into transaction_tag (household_id, transaction_id, tag_id)
        select $1, $2, id from tag where household_id = $1 and name = any($3)
    """)

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def locked(self, transaction: UUID, *, level: Level = Level.EDIT) -> TransactionRow:
        """Return one transaction, held against change by others; refuse when it is not there.

        Refuse too when its accounts are not all at ``level``, for the person of the work.
        """
        await self._work.journal.hold()
        if self._work.scope.access.lowest < Level.EDIT:
            await self._check_level(transaction, level)
        found = await self._work.one(TransactionRow, self.LOCKED, self._work.household, transaction)
        if found is None:
            raise NotFound("transaction")
        return found

    async def _check_level(self, transaction: UUID, level: Level) -> None:
        own: int | None = await self._work.value(self.LEVEL, self._work.household, transaction)
        if own is None:
            raise NotFound("transaction")
        if own < level:
            raise NotAllowed(BEYOND)

    async def below(self, transactions: list[UUID], level: Level) -> set[UUID]:
        """Return those of ``transactions`` that the person of the work has not at ``level``."""
        if self._work.scope.access.lowest >= level:
            return set()
        return set(await self._work.column(self.LEVELS, transactions, int(level)))

    async def postings(self, transaction: UUID) -> list[PostingRow]:
        """Return the postings of one transaction, in order."""
        return await self._work.fetch(PostingRow, self.POSTINGS, self._work.household, transaction)

    async def value(self, row: TransactionRow) -> Transaction:
        """Return the transaction of ``row`` as a value."""
        postings = tuple(
            Posting(p.account, p.amount_minor, Currency.of(p.currency), p.weight_minor)
            for p in await self.postings(row.id)
        )
        return Transaction(row.booked_on, Currency.of(row.currency), postings)

    async def add(
        self,
        transaction: UUID,
        value: Transaction,
        *,
        seq: int,
        origin: str,
        payee: UUID | None = None,
        memo: str = "",
        state: str = "booked",
    ) -> None:
        """Insert a transaction with its postings."""
        await self._work.execute(
            self.ADD,
            self._work.household,
            transaction,
            value.booked_on,
            payee,
            memo,
            value.currency.code,
            state,
            origin,
            seq,
        )
        await self.add_postings(transaction, value)
        await Memos(self._work).enter(transaction, memo)

    async def add_postings(self, transaction: UUID, value: Transaction) -> None:
        """Insert all postings of a transaction that has none."""
        await self._work.execute(
            self.ADD_POSTINGS,
            self._work.household,
            transaction,
            value.booked_on,
            [p.account for p in value.postings],
            [p.amount_minor for p in value.postings],
            [p.currency.code for p in value.postings],
            [p.weight_minor for p in value.postings],
        )

    async def remove_postings(self, transaction: UUID) -> None:
        """Take out all postings of a transaction, which is to have others."""
        await self._work.execute(self.REMOVE_POSTINGS, self._work.household, transaction)

    async def change(self, row: TransactionRow, *, seq: int) -> None:
        """Write the day, payee, memo, currency and state of ``row``; postings follow its day."""
        await self._work.execute(
            self.CHANGE,
            self._work.household,
            row.id,
            row.booked_on,
            row.payee,
            row.memo,
            row.state,
            seq,
            row.currency,
        )

    async def delete(self, transaction: UUID, *, seq: int) -> None:
        """Leave a tombstone; the database takes the postings out of the books."""
        now = self._work.clock.now()
        await self._work.execute(self.DELETE, self._work.household, transaction, now, seq)

    async def restore(self, transaction: UUID, value: Transaction, *, seq: int) -> None:
        """Turn a tombstone back into a transaction with the postings of ``value``."""
        await self._work.execute(self.RESTORE, self._work.household, transaction, seq)
        await self.add_postings(transaction, value)

    async def legs(self, transactions: list[UUID]) -> list[LegRow]:
        """Return the postings of those of ``transactions`` that are in the books, each's in order."""
        return await self._work.fetch(LegRow, self.LEGS, self._work.household, transactions)

    async def move_legs(self, legs: list[LegRow], account: UUID, *, seq: int) -> None:
        """Move each of ``legs`` to ``account``."""
        await self._work.execute(
            self.MOVE_LEGS,
            self._work.household,
            [leg.transaction for leg in legs],
            [leg.ordinal for leg in legs],
            account,
            seq,
        )

    async def move_opening(self, account: UUID, on: date, *, seq: int) -> None:
        """Date the opening balance of ``account``, if it has one."""
        await self._work.execute(self.MOVE_OPENING, self._work.household, account, on, seq)

    async def remove_opening(self, account: UUID) -> None:
        """Take out the opening balance of ``account``, if it has one."""
        found = await self._work.value(self.OPENING, self._work.household, account)
        if found is not None:
            await self._work.execute(self.PURGE, self._work.household, found)

    async def tags(self, transaction: UUID) -> list[str]:
        """Return the names of its tags."""
        return await self._work.column(self.TAGS, self._work.household, transaction)

    async def set_tags(self, transaction: UUID, tags: list[tuple[UUID, str]]) -> None:
        """Give it just these tags; each comes with an id for when it is new."""
        household = self._work.household
        await self._work.execute(self.UNTAG, household, transaction)
        async with self._work.naming():
            await self._work.execute_many(self.ADD_TAG_NAME, [(household, *tag) for tag in tags])
            await self._work.execute(self.TAG, household, transaction, [name for _, name in tags])
