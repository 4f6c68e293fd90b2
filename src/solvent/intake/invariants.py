"""What must hold of imported rows for ever."""

from solvent.kernel.invariant import Invariant

NO_ROW_IS_LOST = Invariant(
    code="intake.no_row_is_lost",
    why="No row of a bank file is lost: an import that was booked has as many as it said.",
    offenders="""
        select s.household_id, s.id, (s.result ->> 'rows')::bigint as said, coalesce(i.rows, 0) as kept
          from source s
          left join (select household_id, source_id, count(*) as rows from source_item group by 1, 2) i
            on i.household_id = s.household_id and i.source_id = s.id
         where s.state in ('committed', 'undone') and (s.result ->> 'rows')::bigint <> coalesce(i.rows, 0)""",
)

ROWS_STAY_AS_THEY_CAME = Invariant(
    code="intake.rows_stay_as_they_came",
    why="A row of a bank file states the fact that its fingerprint was made of, or a twin of it.",
    offenders="""
        select i.household_id, i.source_id, i.ordinal
          from source_item i
         cross join lateral (
               select (lpad(to_hex(i.booked_on - date '0001-01-01' + 1), 8, '0')
                       || substr(md5(case when i.external_id <> '' then 'i' || i.amount_minor || '|' || i.external_id
                                          else 'r' || i.amount_minor || '|' || i.payee || '|' || i.memo end), 9)
                      )::uuid as fingerprint) f
         where i.fingerprint <> f.fingerprint
           and (i.external_id <> '' or not exists (
                select from source_item o
                 where o.household_id = i.household_id and o.account_id = i.account_id
                   and o.source_id = i.source_id and o.fingerprint = f.fingerprint))""",
)

CLAIMS_LEAD_TO_TRANSACTIONS = Invariant(
    code="intake.claims_lead_to_transactions",
    why="A claim that is not withdrawn leads to a transaction, be it a deleted one.",
    offenders="""
        select i.household_id, i.source_id, i.ordinal
          from source_item i
          left join transaction t on t.household_id = i.household_id and t.id = i.transaction_id
         where not i.withdrawn and t.id is null""",
)

A_FACT_IS_BOOKED_ONCE = Invariant(
    code="intake.a_fact_is_booked_once",
    why="One fact of a bank stands in the books once, however many files state it.",
    offenders="""
        select household_id, account_id, fingerprint, count(distinct transaction_id) as transactions
          from source_item where not withdrawn
         group by 1, 2, 3 having count(distinct transaction_id) > 1""",
)

IMPORTED_TRANSACTIONS_ARE_CLAIMED = Invariant(
    code="intake.imported_transactions_are_claimed",
    why="A transaction that an import made is claimed by a row of a file.",
    offenders="""
        select t.household_id, t.id
          from transaction t
         where t.origin = 'import' and not exists (
               select from source_item i
                where i.household_id = t.household_id and i.transaction_id = t.id and not i.withdrawn)""",
)

RUNNING_IMPORTS_HAVE_THEIR_JOB = Invariant(
    code="intake.running_imports_have_their_job",
    why="An import that waits or runs has a job that will end it; none is left behind for ever.",
    offenders="""
        select s.household_id, s.id, s.state
          from source s
         where s.state in ('waiting', 'importing') and not exists (
               select from job j
                where j.entrypoint = 'intake.commit' and j.status <> 'failed'
                  and convert_from(j.payload, 'UTF8')::jsonb ->> 'source' = s.id::text)""",
)

INVARIANTS = (
    NO_ROW_IS_LOST,
    ROWS_STAY_AS_THEY_CAME,
    CLAIMS_LEAD_TO_TRANSACTIONS,
    A_FACT_IS_BOOKED_ONCE,
    IMPORTED_TRANSACTIONS_ARE_CLAIMED,
    RUNNING_IMPORTS_HAVE_THEIR_JOB,
)
