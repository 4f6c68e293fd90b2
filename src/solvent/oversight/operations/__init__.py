"""Use cases of oversight, one a file."""
