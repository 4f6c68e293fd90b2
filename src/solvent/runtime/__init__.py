"""Runtime: the plumbing between pure code and the machine.

Settings, the database and the embedded PostgreSQL, the unit of work, the journal, jobs, logging and
the HTTP edge. The one place that asks the machine for the time, for randomness or for a setting.
"""
