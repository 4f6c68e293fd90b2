"""CSV of any bank: found out alone where the file says enough, else read as a mapping tells.

``reader`` is the one door. It asks ``encoding`` what the bytes are, ``sniff`` what the columns
mean (``dialect``, ``header``, ``columns``, ``roles``, ``signs``, ``dayorder``, with the vocabulary
of ``words`` and ``phrases``), and ``streaming`` turns the rows into source rows, batch by batch.
``mapping`` is what was told or found out, in the shape that a profile keeps.
"""
