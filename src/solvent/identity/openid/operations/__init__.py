"""Use cases of identities from outside, one a file."""
