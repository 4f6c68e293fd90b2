"""The list of transactions, a page at a time, each as the JSON that everyone is shown.

One question brings a page: which transactions is :mod:`selection`'s, their postings and names are
looked up by key. It brings a row for each posting, for that costs PostgreSQL half of what making
JSON does, and msgspec makes it in no time.
"""

import base64
import binascii
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple
from uuid import UUID

import asyncpg
import msgspec

from solvent.kernel.errors import BadValue
from solvent.ledger.domain import PAGE_ROWS_MAX
from solvent.ledger.store.selection import COLUMNS, KEYED, LISTED, Question, Selection
from solvent.runtime.statements import sql
from solvent.runtime.work import Work


class Cursor(NamedTuple):
    """The key of the last row of a page."""

    booked_on: date
    id: UUID

    def text(self) -> str:
        """Write it as an opaque, URL-safe word."""
        return base64.urlsafe_b64encode(f"{self.booked_on}~{self.id}".encode()).decode()

    @staticmethod
    def parse(text: str) -> "Cursor":
        """Read what ``text`` wrote; refuse anything else."""
        try:
            day, _, key = base64.urlsafe_b64decode(text.encode()).decode().partition("~")
            return Cursor(date.fromisoformat(day), UUID(key))
        except (ValueError, binascii.Error) as bad:
            raise BadValue(
                "The cursor is not one that a list gave; begin again without it.", field="cursor"
            ) from bad


class ListedItem(NamedTuple):
    """One transaction as it is shown: its key, the seq of its last change, and its JSON."""

    booked_on: date
    id: UUID
    version: int
    json: str


class ListedPage(NamedTuple):
    """A page as a JSON array, and the key of its last row when there may be more behind it."""

    json: bytes
    last: Cursor | None


class _Leg(msgspec.Struct):
    """A posting as it is shown."""

    account: UUID
    account_name: str
    account_kind: str
    account_role: str | None
    amount_minor: int
    currency: str
    weight_minor: int


class _HiddenLeg(msgspec.Struct):
    """A posting that the reader may not see."""

    hidden: bool = True


class _Hidden(NamedTuple):
    """How many legs of a transaction are not shown."""

    transaction: UUID
    legs: int


class _Payee(msgspec.Struct):
    """A payee as it is shown."""

    id: UUID
    name: str


class _Tag(NamedTuple):
    """A tag that a transaction bears."""

    transaction: UUID
    name: str


class _Item(msgspec.Struct):
    """A transaction as it is shown."""

    id: UUID
    booked_on: date
    payee: _Payee | None
    memo: str
    state: str
    origin: str
    currency: str
    version: int
    tags: list[str]
    suggested_category: UUID | None
    postings: list[_Leg | _HiddenLeg]


ITEMS = f"""
    select {COLUMNS}, y.name, y.category_id, (select exists (select from tag g where g.household_id = $1)) as has_tags,
           p.moved_seq, p.account_id, a.name, a.kind, a.role, p.amount_minor, p.currency, p.weight_minor
      from ({{rows}}) t
      left join lateral (
           select y.name, y.category_id from payee y where y.household_id = $1 and y.id = t.payee_id limit 1) y on true
     cross join lateral (
           select p.ordinal, p.moved_seq, p.account_id, p.amount_minor, p.currency, p.weight_minor from posting p
            where p.household_id = $1 and p.transaction_id = t.id order by p.ordinal offset 0) p
     cross join lateral (
           select a.name, a.kind, a.role from account a
            where a.household_id = $1 and a.id = p.account_id limit 1) a
     order by t.booked_on desc, t.id desc, p.ordinal
"""


class Listing:
    """The list of the household that ``work`` is scoped to."""

    ONE = sql(
        ITEMS.format(
            rows=f"select {COLUMNS} from {KEYED.format('t.id = $2')} where {LISTED} limit 1"
        )
    )
    TAGS = sql("""
        select x.transaction_id, g.name
          from unnest($2::uuid[]) w(id)
         cross join lateral (select x.transaction_id, x.tag_id from transaction_tag x
                              where x.household_id = $1 and x.transaction_id = w.id offset 0) x
          join tag g on g.household_id = $1 and g.id = x.tag_id
         order by g.name
    """)

    HIDDEN = sql("select transaction_id, legs from hidden_legs($1)")

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def one(self, transaction: UUID) -> ListedItem | None:
        """Return one transaction as the list shows it, or None."""
        items = await self._items(self.ONE, self._work.household, transaction)
        if not items:
            return None
        item = items[0]
        return ListedItem(item.booked_on, item.id, item.version, _encode(item).decode())

    async def page(self, question: Question, *, before: Cursor | None, limit: int) -> ListedPage:
        """Return at most ``limit`` matching transactions older than ``before``, newest first."""
        size = max(1, min(limit, PAGE_ROWS_MAX))
        selection = Selection(question, before, self._work.household, size)
        items = await self._items(compose(selection), *selection.arguments)
        last = Cursor(items[-1].booked_on, items[-1].id) if len(items) == size else None
        return ListedPage(_encode(items), last)

    async def _items(self, statement: str, *arguments: object) -> list[_Item]:
        """Return the transactions that ``statement`` finds, with their tags if there are any."""
        rows = await self._work.connection.fetch(statement, *arguments)
        items = _gathered(rows)
        if rows and rows[0]["has_tags"]:
            known = {item.id: item for item in items}
            tags = await self._work.fetch(_Tag, self.TAGS, self._work.household, list(known))
            for transaction, name in tags:
                known[transaction].tags.append(name)
        if items and not self._work.scope.access.reads_all:
            await self._hide(items)
        return items

    async def _hide(self, items: list[_Item]) -> None:
        """Put a blank in place of each leg that the reader may not see."""
        known = {item.id: item for item in items}
        for hidden in await self._work.fetch(_Hidden, self.HIDDEN, list(known)):
            known[hidden.transaction].postings += [_HiddenLeg() for _ in range(hidden.legs)]


_encode = msgspec.json.Encoder().encode


def compose(selection: Selection) -> str:
    """Return the statement of a page of ``selection``."""
    tables = ", ".join(selection.tables)
    return (f"with {tables}" if tables else "") + ITEMS.format(rows=selection.rows)


def _gathered(rows: Iterable[asyncpg.Record]) -> list[_Item]:
    """Gather the rows of ``ITEMS``, which stand together by transaction."""
    items: list[_Item] = []
    item: _Item | None = None
    for row in rows:
        (
            transaction,
            day,
            payee,
            memo,
            state,
            origin,
            currency,
            version,
            name,
            category,
            _,
            moved,
            *leg,
        ) = row
        if item is None or transaction != item.id:
            item = _Item(
                transaction,
                day,
                None if payee is None else _Payee(payee, name),
                memo,
                state,
                origin,
                currency,
                version,
                [],
                category,
                [],
            )
            items.append(item)
        item.version = max(item.version, moved)
        item.postings.append(_Leg(*leg))
    return items
