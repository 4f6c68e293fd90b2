"""The least that the same work costs: bare tables, the csv module, a route and nothing else.

A floor does no more than the work needs: no household, no duplicates beyond a unique key, no
balance to keep, no right to check. Its answers are held against the same truth as Solvent's.
"""
