"""The kernel: pure values that every other package speaks in.

Standard library only. ``errors`` says how things are refused, ``money`` and ``currency`` what
amounts are, ``period`` how days and months are counted, ``clock`` and ``ids`` what time it is and
what a thing is called, ``invariant`` what must hold for ever.
"""
