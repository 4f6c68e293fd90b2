"""The HTTP edge: what stands between the socket and an operation.

``outermost`` answers liveness, numbers requests and sets the headers; ``credentials`` reads who is
asking; ``routes`` opens a ``Work`` for the handler and closes it; ``idempotency`` and ``versions``
keep writes single and updates honest; ``problems`` turns refusals into RFC 9457 answers.
"""
