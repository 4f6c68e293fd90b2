"""Use cases of identity, one a file."""
