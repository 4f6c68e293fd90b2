"""Ways out of the house, each behind the one Protocol of ``carrying``."""
