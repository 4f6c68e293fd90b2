"""People, households and the journal: the statements stand in the file of the same name that ends in .sql."""

from solvent.runtime.migration import run_sql_beside

revision = "0001_foundation"
down_revision = None


def upgrade() -> None:
    run_sql_beside(__file__)
