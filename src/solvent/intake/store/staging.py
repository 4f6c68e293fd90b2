"""The staging of one batch: rows come in by COPY, are decided on at once, and go to the books.

Two temporary tables of the connection hold a batch while its transaction lasts. ``stage`` takes the
rows as the reader yields them; ``decided`` adds what each row states (its fingerprint), which
transaction stands for it, and whether that is new. A fingerprint is the bank's own id with day and
amount, or else day, amount and text with a count, so that the second of two equal coffees in one file
is the second in every file.
"""

from datetime import date
from typing import NamedTuple
from uuid import UUID

from solvent.intake.formats.reading import SourceRow
from solvent.runtime.statements import sql, temporary
from solvent.runtime.work import Work

STAGE_COLUMNS = SourceRow._fields

CREATE = temporary("""
    create temporary table if not exists stage (
        ordinal integer generated always as identity, account integer, line integer, booked_on date,
        amount_minor bigint, currency text, payee text, memo text, external_id text, state text
    ) on commit delete rows;
    create temporary table if not exists decided (
        ordinal integer, account_id uuid, line integer, booked_on date, amount_minor bigint, currency text,
        payee text, memo text, external_id text, state text, fingerprint uuid, transaction_id uuid,
        added boolean, payee_id uuid, category_id uuid
    ) on commit delete rows;
    truncate stage restart identity; truncate decided
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
    """Where the rows of one of the file's accounts in one currency go, and their currency there."""

    account: int
    currency: str
    booked_to: UUID
    kept_in: str


class Outcome(NamedTuple):
    """What was decided for one account of the books."""

    account: UUID
    added: int
    matched: int


class Staging:
    """The batch on the connection of ``work``; ``begin`` empties it."""

    PARTS = sql("""
        select account, currency, count(*), sum(amount_minor)::bigint, min(booked_on), max(booked_on)
          from stage group by account, currency order by account, currency
    """)
    UNNAMED = sql("""
        select distinct s.payee from stage s
         where s.payee <> '' and not exists (
               select from payee_alias a where a.household_id = $1 and a.description = s.payee)
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
    DECIDE = sql("""
        insert into decided
        with keyed as (
            select s.ordinal, s.line, s.booked_on, s.amount_minor, s.payee, s.memo, s.external_id, s.state,
                   t.account_id, t.kept_in as currency,
                   md5(case when s.external_id <> ''
                            then concat_ws('|', 'id', s.external_id, s.booked_on, s.amount_minor)
                            else concat_ws('|', 'row', s.booked_on, s.amount_minor, s.payee, s.memo) end)::uuid as key
              from stage s
              join unnest($2::integer[], $3::text[], $4::uuid[], $5::text[]) t(account, currency, account_id, kept_in)
                on t.account = s.account and t.currency = s.currency),
        counted as (
            select k.*, row_number() over same as twin, min(ordinal) over same as first
              from keyed k window same as (partition by k.account_id, k.key order by k.ordinal)),
        printed as (
            select c.*, c.external_id <> '' and c.twin > 1 as repeated,
                   case when c.external_id <> '' or c.twin = 1 then c.key else md5(c.key::text || '#' || c.twin)::uuid
                   end as fingerprint
              from counted c)
        select p.ordinal, p.account_id, p.line, p.booked_on, p.amount_minor, p.currency, p.payee, p.memo,
               p.external_id, p.state, p.fingerprint,
               coalesce(known.transaction_id,
                        ($6 || lpad(to_hex(case when p.repeated then p.first else p.ordinal end), 12, '0'))::uuid),
               known.transaction_id is null and not p.repeated,
               a.payee_id, y.category_id
          from printed p
          left join lateral (
               select c.transaction_id from claim c
                where c.household_id = $1 and c.account_id = p.account_id and c.fingerprint = p.fingerprint
                  and not c.withdrawn limit 1) known on true
          left join payee_alias a on a.household_id = $1 and a.description = p.payee
          left join payee y on y.household_id = $1 and y.id = a.payee_id
    """)
    OUTCOMES = sql("""
        select account_id, count(*) filter (where added), count(*) filter (where not added)
          from decided group by account_id
    """)
    KEEP_ITEMS = sql("""
        insert into source_item (household_id, source_id, ordinal, account_id, line, booked_on, amount_minor,
                                 currency, payee, memo, external_id, state, fingerprint)
        select $1, $2, ordinal, account_id, line, booked_on, amount_minor, currency, payee, memo, external_id,
               state, fingerprint from decided
    """)
    KEEP_CLAIMS = sql("""
        insert into claim (household_id, source_id, ordinal, account_id, fingerprint, transaction_id, added)
        select $1, $2, ordinal, account_id, fingerprint, transaction_id, added from decided
    """)
    ADD_TRANSACTIONS = sql("""
        insert into transaction (household_id, id, booked_on, payee_id, memo, currency, state, origin, changed_seq)
        select $1, transaction_id, booked_on, payee_id, memo, currency, state, 'import', 0
          from decided where added
    """)
    ADD_POSTINGS = sql("""
        insert into posting (household_id, transaction_id, ordinal, account_id, booked_on, amount_minor, currency,
                             weight_minor)
        select $1, d.transaction_id, leg.ordinal,
               case leg.ordinal when 0 then d.account_id
                    else coalesce(d.category_id, case when d.amount_minor < 0 then $2::uuid else $3::uuid end) end,
               d.booked_on, leg.sign * d.amount_minor, d.currency, leg.sign * d.amount_minor
          from decided d cross join (values (0::smallint, 1), (1::smallint, -1)) leg(ordinal, sign)
         where d.added
    """)
    SUM_UNTIL = sql("""
        select coalesce(sum(amount_minor), 0)::bigint from decided
         where account_id = $1 and currency = $2 and booked_on <= $3 and added
    """)

    def __init__(self, work: Work) -> None:
        """Use the connection of ``work``."""
        self._work = work

    async def begin(self) -> None:
        """Make the temporary tables where they are missing, and empty them."""
        await self._work.connection.execute(CREATE)

    async def add(self, rows: list[SourceRow]) -> None:
        """COPY a batch of rows in."""
        await self._work.copy("stage", STAGE_COLUMNS, rows)

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

    async def decide(self, targets: list[Aim], prefix: str) -> list[Outcome]:
        """Decide on every row; ``targets`` leads from the file's accounts to those of the books.

        ``prefix`` is the first twenty hex digits of the ids of new transactions.
        """
        await self._work.execute(
            self.DECIDE,
            self._work.household,
            [target.account for target in targets],
            [target.currency for target in targets],
            [target.booked_to for target in targets],
            [target.kept_in for target in targets],
            prefix,
        )
        return await self.outcomes()

    async def outcomes(self) -> list[Outcome]:
        """Return what was decided, by account."""
        return await self._work.fetch(Outcome, self.OUTCOMES)

    async def keep(self, source: UUID) -> None:
        """Keep every row and its claim."""
        household = self._work.household
        await self._work.execute(self.KEEP_ITEMS, household, source)
        await self._work.execute(self.KEEP_CLAIMS, household, source)

    async def book(self, *, expense: UUID, income: UUID) -> None:
        """Book what is new; without a remembered category it goes to ``expense`` or ``income``."""
        household = self._work.household
        await self._work.execute(self.ADD_TRANSACTIONS, household)
        await self._work.execute(self.ADD_POSTINGS, household, expense, income)

    async def sum_until(self, account: UUID, currency: str, day: date) -> int:
        """Return the sum of the batch's rows of one account until ``day``, in minor units."""
        found: int = await self._work.value(self.SUM_UNTIL, account, currency, day)
        return found
