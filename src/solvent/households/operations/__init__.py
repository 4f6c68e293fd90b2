"""Use cases of households, one a file."""
