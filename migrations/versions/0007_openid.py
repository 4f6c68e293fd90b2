"""Identities from outside: the statements stand in the file of the same name that ends in .sql."""

from solvent.runtime.migration import run_sql_beside

revision = "0007_openid"
down_revision = "0006_factors"


def upgrade() -> None:
    run_sql_beside(__file__)
