"""The embedded PostgreSQL: a real server inside the data directory, under our own supervisor.

`supervisor.EmbeddedServer` starts and stops it, `address.attach` finds one that runs already.
The data directory holds ``pgbin/<major>`` (the programs), ``pgdata`` (the cluster),
``postgres.log``, and two lock files: ``embedded.lock`` belongs to the supervising process and says
where the server is, ``postmaster.lock`` is inherited by the server and lasts as long as it does.
"""
