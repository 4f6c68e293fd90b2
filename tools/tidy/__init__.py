"""Tidy: the house rules, each a pure function from text to findings.

``source`` is a file as the rules see it. ``shape`` rules on size and names, ``prose`` on
docstrings and notes, ``imports`` on what may be imported where, ``refusals`` on codes,
``documents`` on what the documents name, ``locks`` on the lock files and the fragments of the
change log. ``tree`` applies all of them to this checkout; ``python -m tools.tidy`` prints what it
finds.
"""
