"""Profile: the account of a person as they keep it themselves.

Their password, their address, where they are logged in, and closing it all. What proves who they are
stands in ``identity``; this is above ``households``, for an account does not close while others would
be left without an owner.
"""
