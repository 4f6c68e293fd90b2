"""What Solvent's main works cost, in one run beside their floors; ``python -m bench --help``.

``household`` makes the rows and knows every answer; ``solvent`` runs the real ``solvent serve`` and
``works`` asks it; ``floors`` does the same work with as little as possible; ``metering`` reads the
CPU seconds of whole process trees; ``demands`` holds what must be reached and ``results`` writes the
table. Both sides run on the same core with the same release of PostgreSQL, taking turns.
"""
