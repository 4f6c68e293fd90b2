"""OFX and QFX, SGML 1.x and XML 2.x alike: ``reader`` is the way in.

Bytes become text (``encoding``), text becomes units, one a landmark tag (``markup``), and units
become rows, accounts and balances (``statements``) with the help of ``values``; ``refusals`` says
why a file is not read at all. No tree is built: a file is one pass in chunks of a mebibyte.
"""
