"""Use cases of profile, one a file."""
