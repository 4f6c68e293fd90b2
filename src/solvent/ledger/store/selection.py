"""Which transactions a question selects, as SQL: newest first, by key, of constant fragments.

What is walked depends on the question: the transactions of a payee, the postings of an account, or
all by day. Where words, a tag or a missing category are looked for, the nearest rows are looked at
first; only when they do not fill the page, an index that knows the rare ones is asked. So the cost of
a page grows with the page and not with the history, however common or rare what is looked for.

``offset 0`` and ``limit`` close a subquery: the planner can neither make a join over everything of a
look-up by key, nor take another index for it that a condition from outside would allow. With indexes
in the order that is asked for, statistics have nothing left to decide.
"""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

from solvent.ledger.store.payees import escape_like

NEAR_ROWS = 1_000
"""How many rows are looked at before an index is asked for rare ones."""
INDEXED_CHARS_MIN = 3
"""Shorter words have no trigram; rows are walked until enough hold them."""
AMOUNT_BEYOND = 2**62

COLUMNS = "t.id, t.booked_on, t.payee_id, t.memo, t.state, t.origin, t.currency, t.changed_seq"
LISTED = "t.deleted_at is null and t.origin <> 'opening'"
LIVE = f"t.household_id = $1 and {LISTED}"
KEYED = f"(select {COLUMNS}, t.deleted_at from transaction t where t.household_id = $1 and {{0}} offset 0) t"
"""Transactions by their key and nothing else, whatever is asked of them beyond."""
NEWEST = "order by t.booked_on desc, t.id desc"

SPANS = {
    "first": "{{t}}.booked_on >= {0}",
    "last": "{{t}}.booked_on <= {0}",
    "before": "({{t}}.booked_on, {{t}}.{{id}}) < ({0}, {1})",
}
"""Conditions on the key, of transactions and postings alike."""

TESTS = {
    "amount": """exists (select from posting m where m.household_id = $1 and m.transaction_id = t.id
                  and abs(m.amount_minor) between {0} and {1} offset 0)""",
    "pending": "t.state = 'pending'",
    "booked": "t.state = 'booked'",
    "reconciled": "t.state = 'reconciled'",
    "payee": "t.payee_id = {0}",
    "named": "(t.payee_id in (select id from named)) is true",
    "worded": "((t.payee_id in (select id from worded)) is true or t.memo ilike {0})",
    "account": """exists (select from (select m.account_id from posting m
                                        where m.household_id = $1 and m.transaction_id = t.id offset 0) m
                   where m.account_id = {0} offset 0)""",
    "tag": """exists (select from (select x.tag_id from transaction_tag x
                                    where x.household_id = $1 and x.transaction_id = t.id offset 0) x
               cross join lateral (select g.name from tag g where g.household_id = $1 and g.id = x.tag_id offset 0) g
               where g.name = {0} offset 0)""",
    "uncategorised": """exists (select from (select m.account_id from posting m
                                              where m.household_id = $1 and m.transaction_id = t.id offset 0) m
                         cross join lateral (select a.role from account a
                                              where a.household_id = $1 and a.id = m.account_id offset 0) a
                         where a.role like 'uncategorised%' offset 0)""",
}
"""Conditions on a transaction ``t``."""

PAYEES = (
    "{0} as materialized (select m.id from payee m where m.household_id = $1 and m.name ilike {1})"
)


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


class Selection:
    """One question as SQL.

    ``arguments`` begin with the household ($1) and how many rows are wanted ($2). ``tables`` are common
    table expressions, and ``rows`` a query on them: at most $2 transactions, the newest that fit, with
    ``COLUMNS`` and in no particular order.
    """

    def __init__(
        self, question: Question, before: tuple[date, UUID] | None, household: UUID, limit: int
    ) -> None:
        """Compose the statement of ``question``, of what is older than ``before``."""
        self.arguments: list[object] = [household, limit]
        self.tables: list[str] = []
        self._span = self._spanned(question, before)
        self._own = self._own_account(question)
        self._text = self._pattern("worded", question.text)
        tests = self._tested(question)
        if isinstance(question.payee, str):
            self._pattern("named", question.payee)
        self.rows = self._composed(question, tests)

    def _composed(self, question: Question, tests: list[str]) -> str:
        """Return the rows; ``tests`` are all conditions but those on words, key and account."""
        worded = [] if self._text is None else [TESTS["worded"].format(self._text)]
        of_account = [] if self._own is None else [TESTS["account"].format(self._own)]
        if isinstance(question.payee, UUID):
            of_payee = TESTS["payee"].format(self._argument(question.payee))
            return self._walk([of_payee, *of_account, *worded, *tests])
        named = [] if question.payee is None else [TESTS["named"]]
        if question.payee is not None:
            rare = self._of_payees("named", [*of_account, *worded, *tests])
        elif question.text is not None and len(question.text) >= INDEXED_CHARS_MIN:
            rare = self._of_words([*of_account, *tests])
        elif question.text is not None:
            return self._near([*worded, *tests], looked_at=None)
        elif question.tag is not None:
            rare = self._of_tag(question.tag, [*of_account, *tests])
        elif question.uncategorised:
            rare = self._of_uncategorised([*of_account, *tests])
        elif question.account is not None and question.category is not None:
            rare = self._of_account(self._argument(question.category), [*of_account, *tests])
        else:
            return self._near(tests, looked_at=None)
        near = self._near([*named, *worded, *tests], looked_at=NEAR_ROWS)
        self.tables += [
            f"near as materialized ({near})",
            f"far as (select t.* from ({rare}) t where (select count(*) from near) < $2 {NEWEST} limit $2)",
        ]
        return (
            "select * from near where (select count(*) from near) = $2 union all select * from far"
        )

    def _argument(self, value: object) -> str:
        """Add a value and return its ``$n``."""
        self.arguments.append(value)
        return f"${len(self.arguments)}"

    def _fragment(self, fragment: str, *values: object) -> str:
        """Return ``fragment`` with the numbers of its ``values``."""
        return fragment.format(*(self._argument(value) for value in values))

    def _pattern(self, table: str, text: str | None) -> str | None:
        """Add the payees whose name holds ``text`` as ``table``; return the pattern's number."""
        if text is None:
            return None
        pattern = self._argument(f"%{escape_like(text)}%")
        self.tables.append(PAYEES.format(table, pattern))
        return pattern

    def _own_account(self, question: Question) -> str | None:
        """Return the number of the account whose postings are walked, if there is one."""
        account = question.account or question.category
        return None if account is None else self._argument(account)

    def _spanned(self, question: Question, before: tuple[date, UUID] | None) -> str:
        """Return the conditions on the key, still to be told of which table."""
        parts: list[str] = []
        if question.first is not None:
            parts.append(self._fragment(SPANS["first"], question.first))
        if question.last is not None:
            parts.append(self._fragment(SPANS["last"], question.last))
        if before is not None:
            parts.append(self._fragment(SPANS["before"], *before))
        return _all(parts)

    def _tested(self, question: Question) -> list[str]:
        tests: list[str] = []
        if question.min_minor is not None or question.max_minor is not None:
            most = AMOUNT_BEYOND if question.max_minor is None else question.max_minor
            tests.append(self._fragment(TESTS["amount"], question.min_minor or 0, most))
        if question.state is not None:
            tests.append(TESTS[question.state])
        if question.account is not None and question.category is not None:
            tests.append(self._fragment(TESTS["account"], question.category))
        if question.tag is not None:
            tests.append(self._fragment(TESTS["tag"], question.tag))
        if question.uncategorised:
            tests.append(TESTS["uncategorised"])
        return tests

    def _walk(self, tests: list[str], limit: str = "$2") -> str:
        """Walk transactions by day, or by payee and day, until ``limit`` have passed the tests."""
        span = self._span.format(t="t", id="id")
        return f"select {COLUMNS} from transaction t where {LIVE}{span}{_all(tests)} {NEWEST} limit {limit}"

    def _one(self, key: str, tests: list[str]) -> str:
        """Look up the transaction with the id ``key``, unless it fails a test."""
        span = self._span.format(t="t", id="id")
        keyed = KEYED.format(f"t.id = {key}")
        return f"select {COLUMNS} from {keyed} where {LISTED}{span}{_all(tests)} limit 1"

    def _near(self, tests: list[str], looked_at: int | None) -> str:
        """Walk the account's postings, or all by day: until $2 have passed, or so many were looked at."""
        if self._own is not None:
            return self._of_account(self._own, tests, looked_at)
        if looked_at is None:
            return self._walk(tests)
        return f"select t.* from ({self._walk([], str(looked_at))}) t where true{_all(tests)} {NEWEST} limit $2"

    def _of_account(self, account: str, tests: list[str], looked_at: int | None = None) -> str:
        """Walk the postings of one account by its index; a transaction counts once."""
        newest = "order by k.booked_on desc, k.transaction_id desc"
        span = self._span.format(t="k", id="transaction_id")
        bound = "" if looked_at is None else f" limit {looked_at}"
        return (
            "select t.* from (select distinct k.booked_on, k.transaction_id from posting k"
            f" where k.household_id = $1 and k.account_id = {account}{span} {newest}{bound}) k"
            f" cross join lateral ({self._one('k.transaction_id', tests)}) t {newest} limit $2"
        )

    def _of_payees(self, table: str, tests: list[str]) -> str:
        """Walk the transactions of each payee in ``table`` by its own index."""
        walk = self._walk([TESTS["payee"].format("m.id"), *tests])
        return f"select t.* from {table} m cross join lateral ({walk}) t"

    def _of_words(self, tests: list[str]) -> str:
        """Find the text in payees, in memos as they are entered, and in those still to be entered."""
        others = [*tests, "(t.payee_id in (select id from worded)) is not true"]
        entered = self._one("x.transaction_id", others)
        span = self._span.format(t="t", id="id")
        waiting = KEYED.format("t.id between b.first_id and b.last_id")
        return (
            f"{self._of_payees('worded', tests)}"
            f" union all select t.* from memo_matches({self._text}) x(transaction_id)"
            f" cross join lateral ({entered}) t"
            f" union all select t.* from memo_backlog b cross join lateral ("
            f"select {COLUMNS} from {waiting} where {LISTED}{span}"
            f" and t.memo ilike {self._text}{_all(others)} and not exists ("
            "select from memo_text x where x.household_id = $1 and x.transaction_id = t.id offset 0) offset 0) t"
            " where b.household_id = $1"
        )

    def _of_tag(self, tag: str, tests: list[str]) -> str:
        """Find the transactions that bear a tag."""
        return (
            "select t.* from tag g cross join lateral (select x.transaction_id from transaction_tag x"
            " where x.household_id = $1 and x.tag_id = g.id offset 0) x"
            f" cross join lateral ({self._one('x.transaction_id', tests)}) t"
            f" where g.household_id = $1 and g.name = {self._argument(tag)}"
        )

    def _of_uncategorised(self, tests: list[str]) -> str:
        """Walk the postings of the accounts that stand in for a category; one may have two of them."""
        return (
            f"select distinct t.* from account a cross join lateral ({self._of_account('a.id', tests)}) t"
            " where a.household_id = $1 and a.role like 'uncategorised%'"
        )


def _all(conditions: list[str]) -> str:
    """Join conditions, each led by ``and``."""
    return "".join(f" and {condition}" for condition in conditions)
