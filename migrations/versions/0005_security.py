"""The journal of security events: the statements stand in the file of the same name that ends in .sql."""

from solvent.runtime.migration import run_sql_beside

revision = "0005_security"
down_revision = "0004_jobs"


def upgrade() -> None:
    run_sql_beside(__file__)
