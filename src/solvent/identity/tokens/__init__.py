"""Personal access tokens: what a program shows in place of a log-in.

A token stands for its person within some scopes, until it expires or is revoked, perhaps for one
household only. ``domain`` has the scopes and the limits, ``operations`` make, list and revoke; what
each route wants of a token stands in the table of permits of the entry points.
"""
