"""The ledger: double-entry books of one household.

``domain`` holds accounts, transactions and postings as values that cannot be unbalanced; ``store/``
their SQL, a module a table; ``operations/`` what people do with them; ``invariants`` what must hold.
Categories are accounts of income and expense. The database enforces balance again by its triggers.
"""
