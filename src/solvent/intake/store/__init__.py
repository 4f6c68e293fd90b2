"""The SQL of intake: sources and their rows, the staging of a batch, claims."""
