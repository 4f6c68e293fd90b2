"""What must hold of imported rows for ever."""

from solvent.kernel.invariant import Invariant

EVERY_ROW_HAS_ITS_CLAIM = Invariant(
    code="intake.every_row_has_its_claim",
    why="No row of a bank file is lost: each kept row has one claim, withdrawn or not.",
    offenders="""
        select i.household_id, i.source_id, i.ordinal
          from source_item i
          left join claim c on c.household_id = i.household_id and c.source_id = i.source_id and c.ordinal = i.ordinal
         where c.ordinal is null""",
)

CLAIMS_LEAD_TO_TRANSACTIONS = Invariant(
    code="intake.claims_lead_to_transactions",
    why="A claim that is not withdrawn leads to a transaction, be it a deleted one.",
    offenders="""
        select c.household_id, c.source_id, c.ordinal
          from claim c
          left join transaction t on t.household_id = c.household_id and t.id = c.transaction_id
         where not c.withdrawn and t.id is null""",
)

A_FACT_IS_BOOKED_ONCE = Invariant(
    code="intake.a_fact_is_booked_once",
    why="One fact of a bank stands in the books once, however many files state it.",
    offenders="""
        select i.household_id, i.account_id, i.fingerprint, count(distinct c.transaction_id) as transactions
          from source_item i
          join claim c on c.household_id = i.household_id and c.source_id = i.source_id and c.ordinal = i.ordinal
         where not c.withdrawn
         group by 1, 2, 3 having count(distinct transaction_id) > 1""",
)

IMPORTED_TRANSACTIONS_ARE_CLAIMED = Invariant(
    code="intake.imported_transactions_are_claimed",
    why="A transaction that an import made is claimed by a row of a file.",
    offenders="""
        select t.household_id, t.id
          from transaction t
         where t.origin = 'import' and not exists (
               select from claim c
                where c.household_id = t.household_id and c.transaction_id = t.id and not c.withdrawn)""",
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
    EVERY_ROW_HAS_ITS_CLAIM,
    CLAIMS_LEAD_TO_TRANSACTIONS,
    A_FACT_IS_BOOKED_ONCE,
    IMPORTED_TRANSACTIONS_ARE_CLAIMED,
    RUNNING_IMPORTS_HAVE_THEIR_JOB,
)
