"""The list of transactions: any filters, newest first, by key.

PostgreSQL builds each item's JSON, so that a page of the list costs one question and no Python
objects. Which rows are walked depends on the most selective filter there is: an account's own
postings, each matching payee's transactions, the matches of a text, or all of them by day; so the
cost of a page grows with the page, not with the history, whatever the planner's statistics say.
"""

import base64
import binascii
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple
from uuid import UUID

from solvent.kernel.errors import BadValue
from solvent.ledger.domain import PAGE_ROWS_MAX
from solvent.ledger.store.payees import escape_like
from solvent.runtime.statements import Filters, sql
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


@dataclass(frozen=True, slots=True)
class Question:
    """Which transactions; each field left at None does not matter.

    ``payee`` is an id or a part of the name; ``text`` a part of the payee or the memo; amounts are
    without sign, in minor units, and any posting may be within them; days are inclusive.
    """

    account: UUID | None = None
    category: UUID | None = None
    payee: UUID | str | None = None
    text: str | None = None
    first: date | None = None
    last: date | None = None
    min_minor: int | None = None
    max_minor: int | None = None
    state: str | None = None
    tag: str | None = None
    uncategorised: bool = False


class ListedItem(NamedTuple):
    """One row of the list: its key, the seq of its last change, and its JSON."""

    booked_on: date
    id: UUID
    version: int
    json: str


ITEM = """
    select t.booked_on, t.id, t.changed_seq, json_build_object(
        'id', t.id, 'booked_on', t.booked_on,
        'payee', case when y.id is not null then json_build_object('id', y.id, 'name', y.name) end,
        'memo', t.memo, 'state', t.state, 'origin', t.origin, 'currency', t.currency,
        'version', t.changed_seq,
        'tags', (select coalesce(json_agg(g.name order by g.name), '[]'::json)
                   from transaction_tag x join tag g on g.household_id = x.household_id and g.id = x.tag_id
                  where x.household_id = $1 and x.transaction_id = t.id),
        'suggested_category', y.category_id,
        'postings', (select json_agg((
                        select json_build_object('account', a.id, 'account_name', a.name, 'account_kind', a.kind,
                            'account_role', a.role, 'amount_minor', p.amount_minor, 'currency', p.currency,
                            'weight_minor', p.weight_minor)
                          from account a where a.household_id = $1 and a.id = p.account_id) order by p.ordinal)
                       from posting p where p.household_id = $1 and p.transaction_id = t.id))::text
"""
LIVE = "t.household_id = $1 and t.deleted_at is null and t.origin <> 'opening'"
ORDER = " order by t.booked_on desc, t.id desc limit $2"
PAYEE = " left join payee y on y.household_id = $1 and y.id = t.payee_id"

FRAGMENTS = {
    "first": "t.booked_on >= {}",
    "last": "t.booked_on <= {}",
    "before": "(t.booked_on, t.id) < ({}, {})",
    "amount": """exists (select from posting m where m.household_id = $1 and m.transaction_id = t.id
                  and abs(m.amount_minor) between {} and {})""",
    "state": "t.state = {}",
    "payee": "t.payee_id = {}",
    "account": """exists (select from posting m where m.household_id = $1 and m.transaction_id = t.id
                  and m.account_id = {})""",
    "payee_named": """exists (select from payee m where m.household_id = $1 and m.id = t.payee_id
                       and m.name ilike {})""",
    "text": """(exists (select from payee m where m.household_id = $1 and m.id = t.payee_id
                and m.name ilike {0}) or t.memo ilike {0})""",
    "tag": """exists (select from transaction_tag x join tag g on g.household_id = $1 and g.id = x.tag_id
               where x.household_id = $1 and x.transaction_id = t.id and g.name = {})""",
    "uncategorised": """exists (select from posting m join account a on a.household_id = $1 and a.id = m.account_id
                         where m.household_id = $1 and m.transaction_id = t.id and a.role like 'uncategorised%')""",
}


class Listing:
    """The list of the household that ``work`` is scoped to."""

    ONE = sql(f"{ITEM} from transaction t{PAYEE} where {LIVE} and t.id = $2")

    def __init__(self, work: Work) -> None:
        """Serve the household of ``work``."""
        self._work = work

    async def one(self, transaction: UUID) -> ListedItem | None:
        """Return one transaction as the list shows it, or None."""
        return await self._work.one(ListedItem, self.ONE, self._work.household, transaction)

    async def page(
        self, question: Question, *, before: Cursor | None, limit: int
    ) -> list[ListedItem]:
        """Return at most ``limit`` matching transactions older than ``before``, newest first."""
        size = max(1, min(limit, PAGE_ROWS_MAX))
        filters = Filters(self._work.household, size)
        statement = compose(question, before, filters)
        return await self._work.fetch(ListedItem, statement, *filters.arguments)


def compose(question: Question, before: Cursor | None, filters: Filters) -> str:
    """Return the statement for ``question``; its values go to ``filters``."""
    _add_conditions(question, before, filters)
    rows = _driving_rows(question, before, filters)
    return f"{ITEM} from ({rows}) t{PAYEE} order by t.booked_on desc, t.id desc limit $2"


def _add_conditions(question: Question, before: Cursor | None, filters: Filters) -> None:
    if question.first is not None:
        filters.add(FRAGMENTS["first"], question.first)
    if question.last is not None:
        filters.add(FRAGMENTS["last"], question.last)
    if before is not None:
        filters.add(FRAGMENTS["before"], before.booked_on, before.id)
    if question.min_minor is not None or question.max_minor is not None:
        most = question.max_minor if question.max_minor is not None else 2**62
        filters.add(FRAGMENTS["amount"], question.min_minor or 0, most)
    if question.state is not None:
        filters.add(FRAGMENTS["state"], question.state)
    _add_words(question, filters)
    if question.account is not None and question.category is not None:
        filters.add(FRAGMENTS["account"], question.category)
    if question.tag is not None:
        filters.add(FRAGMENTS["tag"], question.tag)
    if question.uncategorised:
        filters.add(FRAGMENTS["uncategorised"])


def _add_words(question: Question, filters: Filters) -> None:
    """Add what is said of payee and text, where it does not choose the rows that are walked."""
    of_account = (question.account or question.category) is not None
    if isinstance(question.payee, UUID):
        filters.add(FRAGMENTS["payee"], question.payee)
    elif question.payee is not None and of_account:
        filters.add(FRAGMENTS["payee_named"], f"%{escape_like(question.payee)}%")
    if question.text is not None and (of_account or isinstance(question.payee, str)):
        filters.add(FRAGMENTS["text"], f"%{escape_like(question.text)}%")


def _driving_rows(question: Question, before: Cursor | None, filters: Filters) -> str:
    """Choose which rows are walked, newest first."""
    account = question.account or question.category
    if account is not None:
        return _of_account(account, question, before, filters)
    if isinstance(question.payee, str):
        pattern = filters.argument(f"%{escape_like(question.payee)}%")
        return _of_payees(pattern, filters)
    if question.text is not None:
        pattern = filters.argument(f"%{escape_like(question.text)}%")
        return (
            f"(select * from ({_of_payees(pattern, filters)}) by_payee) union "
            f"(select t.* from transaction t where {LIVE} and t.memo <> '' "
            f"and t.memo ilike {pattern}{filters.text}{ORDER})"
        )
    return f"select t.* from transaction t where {LIVE}{filters.text}{ORDER}"


def _of_payees(pattern: str, filters: Filters) -> str:
    """Walk each payee whose name matches, by its own index; then take the newest of all."""
    return (
        "select t.* from payee m cross join lateral ("
        f"select t.* from transaction t where {LIVE} and t.payee_id = m.id{filters.text}{ORDER}) t"
        f" where m.household_id = $1 and m.name ilike {pattern}{ORDER}"
    )


def _of_account(account: UUID, question: Question, before: Cursor | None, filters: Filters) -> str:
    """Walk the postings of one account by its index; a transaction counts once."""
    own = filters.argument(account)
    keys = [f"k.household_id = $1 and k.account_id = {own}"]
    if before is not None:
        day, key = filters.argument(before.booked_on), filters.argument(before.id)
        keys.append(f"(k.booked_on, k.transaction_id) < ({day}, {key})")
    if question.last is not None:
        keys.append(f"k.booked_on <= {filters.argument(question.last)}")
    return (
        "select t.* from (select distinct k.booked_on, k.transaction_id from posting k where "
        f"{' and '.join(keys)} order by k.booked_on desc, k.transaction_id desc) k"
        f" join transaction t on t.household_id = $1 and t.id = k.transaction_id"
        f" where {LIVE}{filters.text} order by k.booked_on desc, k.transaction_id desc limit $2"
    )
