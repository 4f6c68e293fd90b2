"""Jobs: work that is done after the answer, kept in PostgreSQL beside the change that wants it.

The port is three things: ``queue.enqueue`` adds a job in the transaction of a ``Work``,
``runner.JobRunner.schedule`` says what recurs, ``runner.JobRunner.run`` works. ``kinds`` holds what
a slice says of its jobs. That PgQueuer stands behind it is known to ``runner`` alone.
"""
