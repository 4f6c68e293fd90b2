"""PostgreSQL itself keeps the books: whatever the application's role tries, they balance."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import asyncpg
import pytest

from solvent.kernel.currency import Currency
from solvent.ledger.domain import AccountKind, AccountRow, Leg
from solvent.ledger.operations.delete_transaction import delete_transaction
from solvent.ledger.operations.open_account import open_account
from solvent.ledger.operations.read_balances import read_balances
from solvent.ledger.operations.record_transaction import Statement, record_transaction
from solvent.runtime.database import DatabaseAddress
from solvent.runtime.work import Work, Works
from tests.database.bookkeeping import offences
from tests.database.clients import Member

EUR = Currency.of("EUR")
DAY = date(2026, 3, 1)
UNBALANCED, UNFIT = "SV001", "SV002"
FORBIDDEN = asyncpg.InsufficientPrivilegeError.sqlstate
CHECKED = asyncpg.CheckViolationError.sqlstate

INSERT = """
    insert into posting (household_id, transaction_id, ordinal, account_id, booked_on,
                         amount_minor, currency, weight_minor)
"""


@dataclass(frozen=True, slots=True)
class Shop:
    """A household that has bought something, and one purchase it has deleted again."""

    work: Work
    cash: UUID
    dollars: UUID
    food: UUID
    bought: UUID
    deleted: UUID
    elsewhere: UUID

    def filled(self, statement: str) -> str:
        """Return ``statement`` with the ids of this household in place of their names."""
        for name in ("cash", "dollars", "food", "bought", "deleted", "elsewhere"):
            statement = statement.replace(f":{name}", f"'{getattr(self, name)}'::uuid")
        return statement.replace(":home", f"'{self.work.household}'::uuid")


async def opened(work: Work, name: str, kind: AccountKind, currency: str) -> AccountRow:
    return await open_account(work, name=name, kind=kind, currency=Currency.of(currency))


async def furnished(work: Work, elsewhere: UUID) -> Shop:
    cash = await opened(work, "Cash", AccountKind.ASSET, "EUR")
    dollars = await opened(work, "Dollars", AccountKind.ASSET, "USD")
    food = await opened(work, "Bread", AccountKind.EXPENSE, "EUR")
    legs = (Leg(cash.id, -250, EUR), Leg(food.id, 250, EUR))
    bought = await record_transaction(work, booked_on=DAY, legs=legs, said=Statement())
    deleted = await record_transaction(work, booked_on=DAY, legs=legs, said=Statement())
    await delete_transaction(work, transaction=deleted)
    return Shop(work, cash.id, dollars.id, food.id, bought, deleted, elsewhere)


BATCH_ID = "('01900000-0000-7000-8000-' || lpad(to_hex(number), 12, '0'))::uuid"
BATCH = f"""
    insert into transaction (household_id, id, booked_on, currency, origin, changed_seq)
    select :home, {BATCH_ID}, '2026-03-01', 'EUR', 'import', 0 from generate_series(1, 800) number;
"""
BATCH_POSTINGS = f"""
    {INSERT} select :home, {BATCH_ID}, leg, case leg when 0 then :cash else :food end, {{day}},
                    {{amount}}, 'EUR', {{amount}}
               from generate_series(1, {{last}}) number cross join generate_series(0, 1) leg
"""
"""Enough postings, of transactions whose ids lie together, to be checked as one batch."""
PLAIN_AMOUNT = "number * (1 - 2 * leg)"

ATTEMPTS = {
    "a batch of which one transaction is off": (
        BATCH
        + BATCH_POSTINGS.format(
            day="'2026-03-01'::date",
            amount=f"{PLAIN_AMOUNT} + (case when number = 700 then leg else 0 end)",
            last=800,
        ),
        UNBALANCED,
    ),
    "a batch of which one is of another day": (
        BATCH
        + BATCH_POSTINGS.format(
            day="'2026-03-01'::date + (number = 700)::integer", amount=PLAIN_AMOUNT, last=800
        ),
        UNFIT,
    ),
    "a batch of which one has no transaction": (
        BATCH + BATCH_POSTINGS.format(day="'2026-03-01'::date", amount=PLAIN_AMOUNT, last=801),
        UNFIT,
    ),
    "a single posting": (
        f"{INSERT} values (:home, :bought, 2, :cash, '2026-03-01', 5, 'EUR', 5)",
        UNBALANCED,
    ),
    "a single posting of nothing": (
        f"{INSERT} values (:home, :bought, 2, :cash, '2026-03-01', 0, 'EUR', 0)",
        UNBALANCED,
    ),
    "two postings that are off": (
        f"""{INSERT} values (:home, :bought, 2, :cash, '2026-03-01', -5, 'EUR', -5),
                            (:home, :bought, 3, :food, '2026-03-01', 4, 'EUR', 4)""",
        UNBALANCED,
    ),
    "two transactions that balance each other only": (
        f"""{INSERT} select household_id, case when ordinal = 0 then transaction_id else :deleted end,
                            ordinal + 2, account_id, booked_on, amount_minor, currency, weight_minor
                       from posting""",
        UNBALANCED,
    ),
    "one posting taken out": ("delete from posting where ordinal = 0", UNBALANCED),
    "another weight": ("update posting set weight_minor = weight_minor * 2", FORBIDDEN),
    "another amount": ("update posting set amount_minor = 0", FORBIDDEN),
    "another day of a posting": ("update posting set booked_on = '2026-04-01'", FORBIDDEN),
    "another transaction of a posting": (
        "update posting set transaction_id = :deleted",
        FORBIDDEN,
    ),
    "another household's account": (
        "update posting set account_id = :elsewhere where ordinal = 0",
        UNFIT,
    ),
    "an account that is not there": (
        "update posting set account_id = gen_random_uuid() where ordinal = 1",
        UNFIT,
    ),
    "an account in another currency": (
        "update posting set account_id = :dollars where ordinal = 0",
        UNFIT,
    ),
    "a weight that is not the amount": (
        f"""{INSERT} values (:home, :bought, 2, :cash, '2026-03-01', -5, 'EUR', -4),
                            (:home, :bought, 3, :food, '2026-03-01', 4, 'EUR', 4)""",
        UNFIT,
    ),
    "the wrong currency": (
        f"""{INSERT} values (:home, :bought, 2, :cash, '2026-03-01', -5, 'USD', -5),
                            (:home, :bought, 3, :food, '2026-03-01', 5, 'EUR', 5)""",
        UNFIT,
    ),
    "a currency that is no code": (
        f"""{INSERT} values (:home, :bought, 2, :food, '2026-03-01', -5, 'eur', -5),
                            (:home, :bought, 3, :food, '2026-03-01', 5, 'eur', 5)""",
        CHECKED,
    ),
    "postings on a deleted transaction": (
        f"""{INSERT} values (:home, :deleted, 0, :cash, '2026-03-01', -5, 'EUR', -5),
                            (:home, :deleted, 1, :food, '2026-03-01', 5, 'EUR', 5)""",
        UNFIT,
    ),
    "postings on no transaction": (
        f"""{INSERT} values (:home, gen_random_uuid(), 0, :cash, '2026-03-01', -5, 'EUR', -5),
                            (:home, gen_random_uuid(), 1, :food, '2026-03-01', 5, 'EUR', 5)""",
        UNBALANCED,
    ),
    "postings of another day": (
        f"""{INSERT} values (:home, :bought, 2, :cash, '2026-03-02', -5, 'EUR', -5),
                            (:home, :bought, 3, :food, '2026-03-02', 5, 'EUR', 5)""",
        UNFIT,
    ),
    "postings in another household": (
        f"""{INSERT} select m.household_id, :bought, 2 + n, :cash, '2026-03-01', 0, 'EUR', 0
                       from (values (gen_random_uuid())) m(household_id), generate_series(0, 1) n""",
        FORBIDDEN,
    ),
    "an amount beyond the limit": (
        f"""{INSERT} values (:home, :bought, 2, :cash, '2026-03-01', 1000000000000001, 'EUR', 1000000000000001),
                            (:home, :bought, 3, :food, '2026-03-01', -1, 'EUR', -1)""",
        CHECKED,
    ),
    "postings under the names of others": (
        f"""{INSERT} values (:home, :bought, 0, :cash, '2026-03-01', -5, 'EUR', -5),
                            (:home, :bought, 1, :food, '2026-03-01', 5, 'EUR', 5)""",
        asyncpg.UniqueViolationError.sqlstate,
    ),
    "another monthly sum": ("update monthly_sum set amount_minor = 0", FORBIDDEN),
    "a monthly sum of one's own": (
        "insert into monthly_sum values (:home, :cash, '2026-05-01', 'EUR', 1)",
        FORBIDDEN,
    ),
    "no monthly sums": ("delete from monthly_sum", FORBIDDEN),
    "another journal": ("update journal set after = '{}'", FORBIDDEN),
    "no journal": ("delete from journal", FORBIDDEN),
    "another source of a transaction": ("update transaction set origin = 'import'", FORBIDDEN),
    "another currency of an account": ("update account set currency = 'USD'", FORBIDDEN),
    "another kind of an account": ("update account set kind = 'asset'", FORBIDDEN),
    "no triggers": ("alter table posting disable trigger all", FORBIDDEN),
    "no policies": ("alter table posting disable row level security", FORBIDDEN),
    "no checks by replication": ("set local session_replication_role = 'replica'", FORBIDDEN),
}


async def refusal(shop: Shop, statement: str) -> str | None:
    """Return the state with which PostgreSQL refuses ``statement``, or None if it does not."""
    try:
        async with shop.work.connection.transaction():
            await shop.work.execute(shop.filled(statement))
    except asyncpg.PostgresError as error:
        return error.sqlstate
    return None


@pytest.fixture
async def shop(work: Work) -> Shop:
    return await furnished(work, UUID(int=1))


@pytest.mark.parametrize("attempt", ATTEMPTS)
async def test_postgresql_refuses(shop: Shop, attempt: str) -> None:
    statement, state = ATTEMPTS[attempt]
    assert await refusal(shop, statement) == state


async def test_both_servers_refuse_all_of_it_and_the_books_stay_as_they_were(
    signed_up: Member, neighbour: Member, works: Works, address: DatabaseAddress
) -> None:
    async with works.for_machine(neighbour.household, cause="test") as work:
        elsewhere = (await opened(work, "Cash", AccountKind.ASSET, "EUR")).id
    async with works.for_machine(signed_up.household, cause="test") as work:
        shop = await furnished(work, elsewhere)
        before = await read_balances(work, on=DAY)
        found = {name: await refusal(shop, statement) for name, (statement, _) in ATTEMPTS.items()}
        assert found == {name: state for name, (_, state) in ATTEMPTS.items()}
        assert await read_balances(work, on=DAY) == before
    assert await offences(address) == []


async def test_a_transaction_may_be_taken_out_whole(shop: Shop) -> None:
    await shop.work.execute("delete from transaction where id = $1", shop.bought)
    assert await shop.work.value("select count(*) from posting") == 0
    assert await shop.work.column("select distinct amount_minor from monthly_sum") == [0]


async def test_postings_follow_their_transaction_to_another_day(shop: Shop) -> None:
    await shop.work.execute(
        "update transaction set booked_on = '2026-05-04' where id = $1", shop.bought
    )
    assert await shop.work.column("select distinct booked_on from posting") == [date(2026, 5, 4)]
    kept = await shop.work.connection.fetch(
        "select month, amount_minor from monthly_sum where account_id = $1 order by month",
        shop.cash,
    )
    assert [tuple(row) for row in kept] == [(date(2026, 3, 1), 0), (date(2026, 5, 1), -250)]


async def test_a_tombstone_has_no_postings(shop: Shop) -> None:
    await shop.work.execute("update transaction set deleted_at = now() where id = $1", shop.bought)
    assert await shop.work.value("select count(*) from posting") == 0
