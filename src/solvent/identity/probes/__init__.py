"""Proofs of what identity claims: ``tokens``, ``passwords``, and the sessions of ``pages``."""
