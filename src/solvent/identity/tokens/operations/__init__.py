"""Use cases of personal access tokens, one a file."""
