"""The Alembic environment: runs on the connection that ``runtime.schema`` hands over."""

from alembic import context

context.configure(
    connection=context.config.attributes["connection"],
    version_table="schema_version",
    version_table_schema="solvent",
    transaction_per_migration=True,
)
with context.begin_transaction():
    context.run_migrations()
