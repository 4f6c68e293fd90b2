"""Oversight: what happened, shown to whom it concerns, and kept for as long as it must be.

``store`` reads the household's journal as an audit trail and a person's own security events, and retires
what is old; ``operations`` filter, export with hashes that an auditor can check, and sign checkpoints.
"""
