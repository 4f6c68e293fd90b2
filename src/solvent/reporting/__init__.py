"""Reporting: what the books say over time, from the sums that the ledger keeps by month."""
