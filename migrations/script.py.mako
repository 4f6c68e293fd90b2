"""${message}: the statements stand in the file of the same name that ends in .sql."""

from solvent.runtime.migration import run_sql_beside

revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade() -> None:
    run_sql_beside(__file__)
