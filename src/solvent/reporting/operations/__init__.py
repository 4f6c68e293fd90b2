"""The questions that reports answer, one a module."""
