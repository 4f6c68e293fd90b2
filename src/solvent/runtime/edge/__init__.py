"""The HTTP edge: what stands between the door and an operation.

``credentials`` reads who is asking; ``routes`` opens a ``Work`` for the handler and closes it;
``idempotency`` and ``versions`` keep writes single and updates honest; ``problems`` turns refusals
into RFC 9457 answers. What comes before, in pure ASGI, is ``runtime.door``.
"""
