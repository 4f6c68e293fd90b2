"""What must hold of the books for ever; each query returns the offenders and normally nothing."""

from solvent.kernel.invariant import Invariant

TRANSACTIONS_BALANCE = Invariant(
    code="ledger.transactions_balance",
    why="Money is neither made nor lost: the weights of every transaction sum to zero.",
    offenders="""
        select household_id, transaction_id, sum(weight_minor) as off_by_minor
          from posting group by 1, 2 having sum(weight_minor) <> 0""",
)

TRANSACTIONS_ARE_WHOLE = Invariant(
    code="ledger.transactions_are_whole",
    why="A transaction in the books has two postings or more; a deleted one has none.",
    offenders="""
        select t.household_id, t.id, count(p.ordinal) as postings
          from transaction t
          left join posting p on p.household_id = t.household_id and p.transaction_id = t.id
         group by t.household_id, t.id
        having count(p.ordinal) < 2 and t.deleted_at is null
            or count(p.ordinal) > 0 and t.deleted_at is not null""",
)

POSTINGS_FIT = Invariant(
    code="ledger.postings_fit",
    why="A posting has its transaction's day, an account of its household, and that account's currency.",
    offenders="""
        select p.household_id, p.transaction_id, p.ordinal
          from posting p
          left join transaction t on t.household_id = p.household_id and t.id = p.transaction_id
          left join account a on a.household_id = p.household_id and a.id = p.account_id
         where t.id is null or a.id is null or t.booked_on <> p.booked_on
            or (a.kind in ('asset', 'liability') and a.currency <> p.currency)
            or (p.currency = t.currency and p.weight_minor <> p.amount_minor)""",
)

MONTHLY_SUMS_AGREE = Invariant(
    code="ledger.monthly_sums_agree",
    why="The sums kept by month are the sums of the postings.",
    offenders="""
        select household_id, account_id, month, currency, kept_minor, summed_minor
          from (select household_id, account_id, month, currency, amount_minor as kept_minor from monthly_sum) k
          full join (select household_id, account_id, date_trunc('month', booked_on)::date as month, currency,
                            sum(amount_minor) as summed_minor
                       from posting group by 1, 2, 3, 4) s using (household_id, account_id, month, currency)
         where coalesce(kept_minor, 0) <> coalesce(summed_minor, 0)""",
)

PAYEES_EXIST = Invariant(
    code="ledger.payees_exist",
    why="The payee of a transaction is one of its household.",
    offenders="""
        select t.household_id, t.id
          from transaction t
          left join payee y on y.household_id = t.household_id and y.id = t.payee_id
         where t.payee_id is not null and y.id is null""",
)

HOUSEHOLDS_EXIST = Invariant(
    code="ledger.households_exist",
    why="A transaction is in the books of a household that there is; no foreign key says so.",
    offenders="""
        select t.household_id, t.id
          from transaction t left join household h on h.id = t.household_id
         where h.id is null""",
)

MEMOS_ARE_FOUND = Invariant(
    code="ledger.memos_are_found",
    why="The search has the memo of every transaction in the books, or knows that it is still to come.",
    offenders="""
        select coalesce(t.household_id, x.household_id) as household_id, coalesce(t.id, x.transaction_id) as id
          from (select household_id, id, memo from transaction where deleted_at is null and memo <> '') t
          full join memo_text x on x.household_id = t.household_id and x.transaction_id = t.id
         where t.id is null or t.memo <> x.memo
            or (x.transaction_id is null and not exists (
                select from memo_backlog b
                 where b.household_id = t.household_id and t.id between b.first_id and b.last_id))""",
)

ACCOUNTS_HAVE_NO_CYCLE = Invariant(
    code="ledger.accounts_have_no_cycle",
    why="The accounts of a household are a tree: every one hangs below a root of its own kind.",
    offenders="""
        with recursive below as (
            select household_id, id, kind from account where parent_id is null
            union all
            select a.household_id, a.id, a.kind
              from account a join below b
                on b.household_id = a.household_id and b.id = a.parent_id and b.kind = a.kind)
        select a.household_id, a.id
          from account a left join below b on b.household_id = a.household_id and b.id = a.id
         where b.id is null""",
)

INVARIANTS = (
    TRANSACTIONS_BALANCE,
    TRANSACTIONS_ARE_WHOLE,
    POSTINGS_FIT,
    MONTHLY_SUMS_AGREE,
    PAYEES_EXIST,
    HOUSEHOLDS_EXIST,
    MEMOS_ARE_FOUND,
    ACCOUNTS_HAVE_NO_CYCLE,
)
