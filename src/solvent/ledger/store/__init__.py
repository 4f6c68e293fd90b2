"""The SQL of the ledger, one module for each table it is about; each store serves one household."""
