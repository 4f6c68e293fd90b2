"""The staging of one batch: rows come in by COPY, are decided on at once, and go to the books.

Temporary tables of the connection hold a batch while its transaction lasts. ``stage`` takes the rows
as the reader yields them, each with the fact that it states (its fingerprint) and the id of the
transaction that it would make. ``aim`` says which account of the books each of the file's accounts is.
What is decided differs from the rule, that a row makes its transaction, only in the rows of
``settled``: another transaction stands for those. So a new file costs no more than its writing. The
statements over a batch have ten minutes, for a million rows take longer than anything else that is
asked while somebody waits.
"""

from collections.abc import Iterator
from datetime import date
from itertools import count
from typing import NamedTuple
from uuid import UUID

from solvent.intake.domain import fingerprints
from solvent.intake.formats.reading import SourceRow
from solvent.runtime.ids import COUNTER_HEX_DIGITS, id_prefix
from solvent.runtime.statements import sql, temporary
from solvent.runtime.work import Work

SLICE_ROWS = 65_536
"""Rows that go to the books by one statement."""
STAGE_COLUMNS = (*SourceRow._fields, "ordinal", "fingerprint", "transaction_id")

CREATE = temporary("""
    set local statement_timeout = '10min';
    set local temp_buffers = '32MB';
    create temporary table if not exists stage (
        account integer, line integer, booked_on date, amount_minor bigint, currency text, payee text,
        memo text, external_id text, state text, ordinal integer, fingerprint uuid, transaction_id uuid
    ) on commit delete rows;
    create temporary table if not exists aim (
        account integer, currency varchar(3), account_id uuid, kept_in varchar(3)
    ) on commit delete rows;
    create temporary table if not exists twin (
        ordinal integer, nth integer, is_named boolean, transaction_id uuid
    ) on commit delete rows;
    create temporary table if not exists settled (ordinal integer, transaction_id uuid) on commit delete rows;
    delete from stage; delete from aim; delete from twin; delete from settled;
    set local work_mem = '64MB';
    set local enable_seqscan = on;
    set local enable_hashjoin = on;
    set local enable_nestloop = off;
    set local plan_cache_mode = force_custom_plan
""")


class Part(NamedTuple):
    """The rows of one of the file's accounts in one currency."""

    account: int
    currency: str
    rows: int
    sum_minor: int
    first: date
    last: date


class Aim(NamedTuple):
    """Where the rows of one of the file's accounts in one currency go, their currency there, how many."""

    account: int
    currency: str
    booked_to: UUID
    kept_in: str
    rows: int


class Outcome(NamedTuple):
    """What was decided for one account of the books."""

    account: UUID
    added: int
    matched: int


class Count(NamedTuple):
    """How many rows there are of one account of the books."""

    account: UUID
    rows: int


class Staging:
    """The batch on the connection of ``work``; ``begin`` empties it."""

    PARTS = sql("""
        select account, currency, count(*), sum(amount_minor)::bigint, min(booked_on), max(booked_on)
          from stage group by account, currency order by account, currency
    """)
    UNNAMED = sql("""
        select s.payee from (select distinct payee from stage where payee <> '') s
         where not exists (select from payee_alias a where a.household_id = $1 and a.description = s.payee)
    """)
    ADD_PAYEES = sql("""
        insert into payee (household_id, id, name, changed_seq)
        select $1, id, name, $4 from unnest($2::uuid[], $3::text[]) as n(id, name)
        on conflict (household_id, name) do nothing
    """)
    ADD_ALIASES = sql("""
        insert into payee_alias (household_id, description, payee_id)
        select $1, n.description, y.id from unnest($2::text[], $3::text[]) as n(description, name)
          join payee y on y.household_id = $1 and y.name = n.name
        on conflict (household_id, description) do nothing
    """)
    UNDECIDE = "delete from aim; delete from twin; delete from settled"
    TAKE_AIM = sql("""
        insert into aim select * from unnest($1::integer[], $2::text[], $3::uuid[], $4::text[])
    """)
    FIND_TWINS = sql("""
        insert into twin
        with again as materialized (
            select fingerprint from stage group by fingerprint having count(*) > 1),
        counted as (
            select s.ordinal, row_number() over same as nth, s.external_id <> '' as is_named,
                   first_value(s.transaction_id) over same as transaction_id
              from stage s
              join again g on g.fingerprint = s.fingerprint
              join aim m on m.account = s.account and m.currency = s.currency
            window same as (partition by m.account_id, s.fingerprint order by s.ordinal))
        select ordinal, nth, is_named, transaction_id from counted where nth > 1
    """)
    TELL_TWINS_APART = sql("""
        update stage s
           set fingerprint = (left(s.fingerprint::text, 8)
                              || substr(md5(s.fingerprint::text || '#' || w.nth), 9))::uuid
          from twin w where w.ordinal = s.ordinal and not w.is_named
    """)
    ANY_KNOWN = sql("""
        select exists (select from aim m cross join lateral (
                       select from source_item i
                        where i.household_id = $1 and i.account_id = m.account_id and not i.withdrawn
                        order by i.fingerprint limit 1) i)
    """)
    SETTLE_KNOWN = sql("""
        insert into settled
        select s.ordinal, known.transaction_id
          from stage s
          join aim m on m.account = s.account and m.currency = s.currency
         cross join lateral (
               select i.transaction_id from source_item i
                where i.household_id = $1 and i.account_id = m.account_id and i.fingerprint = s.fingerprint
                  and not i.withdrawn limit 1) known
    """)
    SETTLE_REPEATED = sql("""
        insert into settled
        select w.ordinal, w.transaction_id from twin w
         where w.is_named and not exists (select from settled k where k.ordinal = w.ordinal)
    """)
    STAGED = sql("""
        select m.account_id, count(*)
          from stage s join aim m on m.account = s.account and m.currency = s.currency
         group by m.account_id
    """)
    SETTLED = sql("""
        select m.account_id, count(*)
          from settled k join stage s on s.ordinal = k.ordinal
          join aim m on m.account = s.account and m.currency = s.currency
         group by m.account_id
    """)
    KEEP = sql("""
        insert into source_item (household_id, source_id, ordinal, account_id, line, booked_on, amount_minor,
                                 currency, payee, memo, external_id, state, fingerprint, transaction_id, added)
        select $1, $2, s.ordinal, m.account_id, s.line, s.booked_on, s.amount_minor, m.kept_in, s.payee, s.memo,
               s.external_id, s.state, s.fingerprint, coalesce(k.transaction_id, s.transaction_id), k.ordinal is null
          from stage s
          join aim m on m.account = s.account and m.currency = s.currency
          left join settled k on k.ordinal = s.ordinal
         where s.ordinal between $3 and $4
    """)
    ADD_TRANSACTIONS = sql("""
        insert into transaction (household_id, id, booked_on, payee_id, memo, currency, state, origin, changed_seq)
        select $1, s.transaction_id, s.booked_on, a.payee_id, s.memo, m.kept_in, s.state, 'import', 0
          from stage s
          join aim m on m.account = s.account and m.currency = s.currency
          left join payee_alias a on a.household_id = $1 and a.description = s.payee
         where s.ordinal between $2 and $3
           and not exists (select from settled k where k.ordinal = s.ordinal)
    """)
    ADD_POSTINGS = sql("""
        insert into posting (household_id, transaction_id, ordinal, account_id, booked_on, amount_minor, currency,
                             weight_minor)
        select $1, s.transaction_id, leg.ordinal,
               case leg.ordinal when 0 then m.account_id
                    else coalesce(y.category_id, case when s.amount_minor < 0 then $2::uuid else $3::uuid end) end,
               s.booked_on, leg.sign * s.amount_minor, m.kept_in, leg.sign * s.amount_minor
          from stage s
          join aim m on m.account = s.account and m.currency = s.currency
          left join (select a.description, y.category_id from payee_alias a
                       join payee y on y.household_id = $1 and y.id = a.payee_id
                      where a.household_id = $1) y on y.description = s.payee
         cross join (values (0::smallint, 1), (1::smallint, -1)) leg(ordinal, sign)
         where s.ordinal between $4 and $5
           and not exists (select from settled k where k.ordinal = s.ordinal)
    """)
    LAST = sql("select coalesce(max(ordinal), 0) from stage")
    SUM_UNTIL = sql("""
        select coalesce(sum(s.amount_minor), 0)::bigint
          from stage s join aim m on m.account = s.account and m.currency = s.currency
         where m.account_id = $1 and m.kept_in = $2 and s.booked_on <= $3
    """)

    def __init__(self, work: Work) -> None:
        """Use the connection of ``work``."""
        self._work = work
        self._ids: Iterator[int] = count(1)
        self._prefix = ""
        self._last: int | None = None

    async def begin(self) -> None:
        """Make the temporary tables where they are missing, and empty them."""
        await self._work.connection.execute(CREATE)
        self._ids, self._prefix = count(1), id_prefix()

    async def add(self, rows: list[SourceRow]) -> None:
        """COPY a batch of rows in."""
        prefix = self._prefix
        records = (
            (*row, ordinal, fingerprint, f"{prefix}{ordinal:012x}")
            for row, ordinal, fingerprint in zip(rows, self._ids, fingerprints(rows), strict=False)
        )
        await self._work.copy("stage", STAGE_COLUMNS, records)

    @property
    def ids(self) -> tuple[UUID, UUID]:
        """The ids between which those of this batch's transactions are, from ``begin`` on."""
        return UUID(self._prefix + "0" * COUNTER_HEX_DIGITS), UUID(
            self._prefix + "f" * COUNTER_HEX_DIGITS
        )

    async def parts(self) -> list[Part]:
        """Return what came in, by account of the file and currency."""
        return await self._work.fetch(Part, self.PARTS)

    async def unnamed(self) -> list[str]:
        """Return the descriptions that no payee is known for."""
        return await self._work.column(self.UNNAMED, self._work.household)

    async def name_payees(self, names: dict[str, str], ids: list[UUID], *, seq: int) -> None:
        """Remember ``names`` (description to payee's name); ``ids`` are for the new payees."""
        distinct = sorted(set(names.values()))
        household = self._work.household
        await self._work.execute(self.ADD_PAYEES, household, ids[: len(distinct)], distinct, seq)
        await self._work.execute(self.ADD_ALIASES, household, list(names), list(names.values()))

    async def decide(self, aims: list[Aim]) -> list[Outcome]:
        """Decide on every row; ``aims`` leads from the file's accounts to those of the books.

        Rows that state the same fact are told apart by a count, unless the bank's own id says that
        they are one.
        """
        await self._work.connection.execute(self.UNDECIDE)
        await self._work.execute(
            self.TAKE_AIM,
            [aim.account for aim in aims],
            [aim.currency for aim in aims],
            [aim.booked_to for aim in aims],
            [aim.kept_in for aim in aims],
        )
        twins = await self._work.execute(self.FIND_TWINS)
        if twins:
            await self._work.execute(self.TELL_TWINS_APART)
        return await self._settle([Count(aim.booked_to, aim.rows) for aim in aims])

    async def decide_again(self) -> list[Outcome]:
        """Decide on rows that were told apart already, when they first came."""
        await self._work.execute(self.FIND_TWINS)
        return await self._settle(await self._work.fetch(Count, self.STAGED))

    async def _settle(self, staged: list[Count]) -> list[Outcome]:
        """Find the transactions, in the books or in this batch, that stand for rows that are staged.

        ``staged`` says how many there are, an account perhaps more than once.
        """
        household = self._work.household
        if await self._work.value(self.ANY_KNOWN, household):
            await self._work.execute(self.SETTLE_KNOWN, household)
        await self._work.execute(self.SETTLE_REPEATED)
        settled = dict(await self._work.fetch(Count, self.SETTLED))
        rows = dict.fromkeys((account for account, _ in staged), 0)
        for account, some in staged:
            rows[account] += some
        return [
            Outcome(account, total - settled.get(account, 0), settled.get(account, 0))
            for account, total in rows.items()
        ]

    async def keep(self, source: UUID) -> None:
        """Keep every row and its claim."""
        for first, last in await self._slices():
            await self._work.execute(self.KEEP, self._work.household, source, first, last)

    async def book(self, *, expense: UUID, income: UUID) -> None:
        """Book what is new; without a remembered category it goes to ``expense`` or ``income``."""
        home = self._work.household
        for first, last in await self._slices():
            await self._work.execute(self.ADD_TRANSACTIONS, home, first, last)
            await self._work.execute(self.ADD_POSTINGS, home, expense, income, first, last)

    async def _slices(self) -> list[tuple[int, int]]:
        """Return the batch as spans of ordinals, each small enough to be summed up in memory."""
        if self._last is None:
            self._last = int(await self._work.value(self.LAST))
        return [(at, at + SLICE_ROWS - 1) for at in range(0, self._last + 1, SLICE_ROWS)]

    async def sum_until(self, account: UUID, currency: str, day: date) -> int:
        """Return the sum of the batch's rows of one account until ``day``, in minor units."""
        found: int = await self._work.value(self.SUM_UNTIL, account, currency, day)
        return found
