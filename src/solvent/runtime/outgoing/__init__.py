"""Calls to other programs: to public addresses, within bounds, and not again and again.

``addresses`` tells which are public; ``connecting`` resolves a name, judges what it means, and
connects to just that; ``client`` is what everything else of Solvent calls; ``refusals`` are what it
may say instead of an answer.
"""
