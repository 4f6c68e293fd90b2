"""A household of 100,000 transactions, made by the database itself in a few seconds."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg

ROWS = 100_000
FIRST_DAY = date(2015, 1, 1)
LAST_DAY = date(2024, 12, 31)

HOUSEHOLD = UUID("01900000-0000-7000-8000-000000000001")
ACCOUNT = UUID("01900000-0000-7000-8000-00000000a001")
"""One of six accounts: half of all rows."""
CATEGORY = UUID("01900000-0000-7000-8000-00000000c003")
PAYEE = UUID("01900000-0000-7000-8000-00000000e007")
RARE_PAYEE = UUID("01900000-0000-7000-8000-00000000e000")

FILL = f"""
set session_replication_role = replica;
insert into household (id, name, base_currency, created_at) values ('{HOUSEHOLD}', 'Filled', 'EUR', now());
create function made(kind text, number bigint) returns uuid language sql immutable as $$
    select ('01900000-0000-7000-8000-' || lpad(kind || lpad(to_hex(number), 3, '0'), 12, '0'))::uuid $$;
insert into account (household_id, id, name, kind, currency, role, changed_seq)
select '{HOUSEHOLD}'::uuid, made('a', n), 'Account ' || n, 'asset', 'EUR', null, 1 from generate_series(1, 6) n
union all
select '{HOUSEHOLD}'::uuid, made('c', n), 'Category ' || n, 'expense', null,
       case n when 1 then 'uncategorised_expense' end, 1 from generate_series(1, 40) n;
insert into payee (household_id, id, name, changed_seq)
select '{HOUSEHOLD}'::uuid, made('e', n), case n % 10 when 7 then 'Market ' else 'Shop ' end || n, 1
  from generate_series(0, 399) n;
insert into tag (household_id, id, name)
select '{HOUSEHOLD}'::uuid, made('f', n), 'tag ' || n from generate_series(1, 5) n;
insert into transaction (household_id, id, booked_on, payee_id, memo, currency, state, origin, changed_seq)
select '{HOUSEHOLD}', ('01910000-0000-7000-8000-' || lpad(to_hex(n), 12, '0'))::uuid,
       date '{FIRST_DAY}' + (n * (date '{LAST_DAY}' - date '{FIRST_DAY}') / {ROWS})::integer,
       case when n <> 500 then made('e', 1 + n % 399) else made('e', 0) end,
       'CARD ' || n % 5000 || case n % 40000 when 77 then ' SELDOM' else ' LISBOA' end, 'EUR',
       case n % 20000 when 5 then 'pending' else 'booked' end, 'import', 0
  from generate_series(1, {ROWS}) n;
insert into posting (household_id, transaction_id, ordinal, account_id, booked_on, amount_minor, currency, weight_minor)
select t.household_id, t.id, leg, case leg when 0 then made('a', case when n % 2 = 0 then 1 else 2 + n % 5 end)
                                          else made('c', case when n % 30000 = 9 then 1 else 2 + n % 39 end) end,
       t.booked_on, (leg * 2 - 1) * (n * 7919 % 9000), 'EUR', (leg * 2 - 1) * (n * 7919 % 9000)
  from (select t.*, row_number() over (order by id) as n from transaction t) t cross join generate_series(0, 1) leg
 order by t.id, leg;
insert into transaction_tag (household_id, transaction_id, tag_id)
select household_id, id, made('f', 1 + n % 5)
  from (select household_id, id, row_number() over (order by id) as n from transaction) t where n % 997 = 0;
insert into memo_text (household_id, transaction_id, memo) select household_id, id, memo from transaction order by id;
"""

TABLES = (
    "account",
    "payee",
    "transaction",
    "posting",
    "tag",
    "transaction_tag",
    "memo_text",
    "memo_backlog",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """Where the filled household is: how its superuser reaches it."""

    dsn: str

    async def run(self, *statements: str) -> None:
        """Run ``statements`` as superuser."""
        connection = await asyncpg.connect(
            self.dsn, server_settings={"search_path": "solvent,public"}
        )
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    async def fill(self) -> None:
        """Fill the household, without statistics and with nobody who would take them."""
        await self.run(
            *(f"alter table {table} set (autovacuum_enabled = off)" for table in TABLES), FILL
        )
