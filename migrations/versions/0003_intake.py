"""Intake: the statements stand in the file of the same name that ends in .sql."""

from solvent.runtime.migration import run_sql_beside

revision = "0003_intake"
down_revision = "0002_ledger"


def upgrade() -> None:
    run_sql_beside(__file__)
